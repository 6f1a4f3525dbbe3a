//! Rows of the ports to values and back. The order of the values is the order of the columns in `table`.

use crate::engine::{Cells, Value, values};
use lianzhi_app::ports::{
    AccessRow, CheckpointRow, Credential, DeskLook, EntryRow, ExhibitRow, KeptAnswer, MatterRow, PartRow,
    RegisterRow, SavedView, SessionRow, StoreError, TodoRow, TokenRow, UploadRow,
};
use lianzhi_ids::DocketId;

/// A row that is a run of columns.
pub(crate) trait Stored: Sized {
    fn write(&self, out: &mut Vec<Value>);
    fn read(cells: &mut Cells<'_>) -> Result<Self, StoreError>;
}

/// All values of some rows, in one run.
pub(crate) fn run<'a, T: Stored + 'a>(rows: impl IntoIterator<Item = &'a T>) -> Vec<Value> {
    let mut out = Vec::new();
    for row in rows {
        row.write(&mut out);
    }
    out
}

impl Stored for EntryRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.pos,
            self.docket,
            self.seq,
            self.at,
            self.bytes.as_slice(),
            self.salt.as_slice(),
            self.digest,
            self.leaf
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(EntryRow {
            pos: c.int()?,
            docket: c.docket()?,
            seq: c.narrow()?,
            at: c.int()?,
            bytes: c.bytes()?,
            salt: c.salt()?,
            digest: c.digest()?,
            leaf: c.digest()?,
        })
    }
}

impl Stored for PartRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.digest,
            self.docket,
            &self.kind,
            self.salt.as_slice(),
            &self.key,
            &self.sealed
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(PartRow {
            digest: c.digest()?,
            docket: c.docket()?,
            kind: c.text()?,
            salt: c.salt()?,
            key: c.bytes_opt()?,
            sealed: c.bytes_opt()?,
        })
    }
}

impl Stored for MatterRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.id,
            &self.kind,
            &self.number,
            self.seq,
            self.last,
            self.pos,
            &self.stage,
            self.open,
            self.overdue,
            self.provisional,
            &self.category,
            &self.unit,
            &self.assignee,
            &self.grid,
            self.lng,
            self.lat,
            self.cell,
            &self.source,
            &self.external,
            &self.title,
            &self.address,
            self.reported_at,
            self.closed_at,
            self.updated_at,
            self.due_at,
            &self.due_name,
            self.wake_at,
            self.joined_to,
            self.complainant,
            self.follow,
            self.rating,
            self.rework
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(MatterRow {
            id: c.docket()?,
            kind: c.text()?,
            number: c.text()?,
            seq: c.narrow()?,
            last: c.digest_opt()?,
            pos: c.int()?,
            stage: c.text()?,
            open: c.bool()?,
            overdue: c.bool()?,
            provisional: c.bool()?,
            category: c.text_opt()?,
            unit: c.text_opt()?,
            assignee: c.text_opt()?,
            grid: c.text_opt()?,
            lng: c.narrow_opt()?,
            lat: c.narrow_opt()?,
            cell: c.int_opt()?,
            source: c.text()?,
            external: c.text_opt()?,
            title: c.text()?,
            address: c.text()?,
            reported_at: c.int()?,
            closed_at: c.int_opt()?,
            updated_at: c.int()?,
            due_at: c.int_opt()?,
            due_name: c.text()?,
            wake_at: c.int_opt()?,
            joined_to: c.int_opt()?.map(DocketId),
            complainant: c.digest_opt()?,
            follow: c.digest_opt()?,
            rating: c.narrow_opt()?,
            rework: c.narrow()?,
        })
    }
}

impl Stored for TodoRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![self.docket, &self.who, &self.what, self.due_at]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(TodoRow { docket: c.docket()?, who: c.text()?, what: c.text()?, due_at: c.int_opt()? })
    }
}

impl Stored for RegisterRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![&self.register, &self.key, self.docket, &self.record, self.retired]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(RegisterRow {
            register: c.text()?,
            key: c.text()?,
            docket: c.docket()?,
            record: c.text()?,
            retired: c.bool()?,
        })
    }
}

impl Stored for KeptAnswer {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![&self.key, self.request, &self.answer, self.at]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(KeptAnswer { key: c.text()?, request: c.digest()?, answer: c.text()?, at: c.int()? })
    }
}

impl Stored for CheckpointRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![self.size, self.root, self.at, &self.note]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(CheckpointRow { size: c.int()?, root: c.digest()?, at: c.int()?, note: c.text()? })
    }
}

impl Stored for Credential {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            &self.person,
            &self.password,
            &self.totp,
            self.failures,
            self.locked_until,
            self.must_change,
            self.totp_step
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(Credential {
            person: c.text()?,
            password: c.text()?,
            totp: c.bytes_opt()?,
            failures: c.narrow()?,
            locked_until: c.int_opt()?,
            must_change: c.bool()?,
            totp_step: c.int()?,
        })
    }
}

impl Stored for DeskLook {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![&self.person, self.at, self.since]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(DeskLook { person: c.text()?, at: c.int()?, since: c.int_opt()? })
    }
}

impl Stored for SessionRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.digest,
            &self.person,
            &self.csrf,
            self.created_at,
            self.used_at,
            self.expires_at,
            &self.agent,
            self.half
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(SessionRow {
            digest: c.digest()?,
            person: c.text()?,
            csrf: c.text()?,
            created_at: c.int()?,
            used_at: c.int()?,
            expires_at: c.int()?,
            agent: c.text()?,
            half: c.bool()?,
        })
    }
}

impl Stored for SavedView {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            &self.id,
            &self.owner,
            &self.shared,
            &self.name,
            &self.query,
            &self.columns,
            self.changed_at
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(SavedView {
            id: c.text()?,
            owner: c.text()?,
            shared: c.text_opt()?,
            name: c.text()?,
            query: c.text()?,
            columns: c.text()?,
            changed_at: c.int()?,
        })
    }
}

impl Stored for TokenRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.digest,
            &self.person,
            &self.name,
            self.scopes.join(" "),
            self.created_at,
            self.expires_at,
            self.revoked_at
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(TokenRow {
            digest: c.digest()?,
            person: c.text()?,
            name: c.text()?,
            scopes: c.text()?.split_whitespace().map(str::to_owned).collect(),
            created_at: c.int()?,
            expires_at: c.int()?,
            revoked_at: c.int_opt()?,
        })
    }
}

impl Stored for AccessRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![self.at, &self.actor, &self.action, self.docket, &self.detail]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(AccessRow {
            at: c.int()?,
            actor: c.text()?,
            action: c.text()?,
            docket: c.int_opt()?.map(DocketId),
            detail: c.text()?,
        })
    }
}

impl Stored for ExhibitRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.digest,
            self.size,
            &self.media,
            &self.name,
            &self.uploader,
            self.at,
            self.docket
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(ExhibitRow {
            digest: c.digest()?,
            size: c.int()?,
            media: c.text()?,
            name: c.text()?,
            uploader: c.text()?,
            at: c.int()?,
            docket: c.int_opt()?.map(DocketId),
        })
    }
}

impl Stored for UploadRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            &self.id,
            self.size,
            self.offset,
            &self.name,
            &self.uploader,
            self.at,
            self.digest
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(UploadRow {
            id: c.text()?,
            size: c.int()?,
            offset: c.int()?,
            name: c.text()?,
            uploader: c.text()?,
            at: c.int()?,
            digest: c.digest_opt()?,
        })
    }
}

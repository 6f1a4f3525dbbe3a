//! People's access: sign-in, sessions, second factor, tokens, and the log of who looked at what.

use crate::ports::{Credential, SessionRow, StoreError, TokenRow};
use crate::shared::unavailable;
use crate::submit::sha256;
use crate::{App, Caller};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use lianzhi_ids::{Digest, PersonCode};
use lianzhi_procedure::directory::Person;
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Actor, Refusal};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// Wrong attempts in a row after which an account rests.
const FAILURES_MAX: i32 = 5;
/// How long it rests.
const LOCK_US: i64 = 15 * 60 * 1_000_000;
/// How long a session lives without use, and at all.
const SESSION_IDLE_US: i64 = 12 * 3600 * 1_000_000;
const SESSION_US: i64 = 7 * 24 * 3600 * 1_000_000;
/// How long the second factor may be waited for.
const HALF_US: i64 = 10 * 60 * 1_000_000;
/// How old `used_at` may grow before it is written again: a write a minute, not one a request.
const TOUCH_US: i64 = 60 * 1_000_000;
/// Shortest password of a person's own choice, in characters (NIST SP 800-63B: at least 8; here 10).
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Longest password, in bytes: argon2 reads all of it.
const PASSWORD_BYTES_MAX: usize = 256;
/// Longest life of a token, in days.
const TOKEN_DAYS_MAX: i64 = 366;
/// What a token may be allowed.
const SCOPES: &[&str] = &["read", "write", "report", "admin", crate::WALL_SCOPE];

/// A finished or half-finished sign-in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Value of the cookie.
    pub cookie: String,
    /// Secret of forms.
    pub csrf: String,
    /// The second factor is still due.
    pub second_factor: bool,
    /// The password must be changed first.
    pub must_change: bool,
}

/// A session.
#[derive(Debug, Clone)]
pub struct SessionInfo {
    /// Who.
    pub person: Arc<Person>,
    /// Secret of forms.
    pub csrf: String,
    /// The second factor is still due.
    pub half: bool,
    /// The password must be changed first.
    pub must_change: bool,
    /// A second factor is asked for and none is set up: that comes before anything else.
    pub must_enrol: bool,
}

/// How long a token that was looked up is believed: a revocation by another replica takes effect after this.
const TOKEN_CACHE_US: i64 = 5_000_000;
/// Tokens remembered at once.
const TOKEN_CACHE_MAX: usize = 1_000;

/// Tokens looked up lately, so that a busy system does not cost a query for each request.
#[derive(Debug, Default)]
pub struct TokenCache(Mutex<HashMap<Digest, (i64, TokenRow)>>);

impl TokenCache {
    fn get(&self, digest: Digest, now: i64) -> Option<TokenRow> {
        let known = self.0.lock();
        known
            .get(&digest)
            .filter(|(at, _)| now - at < TOKEN_CACHE_US && now >= *at)
            .map(|(_, row)| row.clone())
    }
    fn put(&self, row: TokenRow, now: i64) {
        let mut known = self.0.lock();
        if known.len() >= TOKEN_CACHE_MAX {
            known.clear();
        }
        known.insert(row.digest, (now, row));
    }
    fn forget(&self, digest: Digest) {
        self.0.lock().remove(&digest);
    }
}

fn refused() -> Refusal {
    Refusal::forbidden(
        "sign-in",
        "登录名或密码不对。",
        "请核对后重试；连续 5 次不对，账户停用 15 分钟。忘记密码请找管理员重设。",
    )
    .from_source("登录规则")
}

fn totp(secret: &[u8], account: &str) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(Secret::from(secret.to_vec()))
        .with_account_name(account)
        .with_issuer(Some("联执".to_owned()))
        .build()
        .ok()
}

/// Hash of a password (argon2id, PHC string). Slow by design: call it off the async threads.
#[must_use]
pub fn hash_password(password: &str) -> String {
    Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string()).unwrap_or_default()
}

fn verify_password(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok())
}

/// A hash to check against when there is no such account, so that both cases take the same time.
fn nobody() -> &'static str {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    HASH.get_or_init(|| hash_password("nobody at all"))
}

async fn check(password: String, hash: String) -> bool {
    tokio::task::spawn_blocking(move || verify_password(&password, &hash)).await.unwrap_or(false)
}

impl App {
    fn token_text(&self) -> String {
        let mut random = [0u8; 32];
        self.random(&mut random);
        hex::encode(random)
    }

    /// Signs somebody in with a password.
    ///
    /// # Errors
    /// One refusal for a wrong name and a wrong password; another while the account rests.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        address: &str,
        agent: &str,
    ) -> Result<SignedIn, Refusal> {
        let now = self.now().as_microsecond();
        let accounts = &self.inner.store.accounts;
        let person = self.directory().by_login(login.trim()).cloned();
        let credential = match &person {
            Some(p) => accounts.credential(p.code.as_str()).await.map_err(|e| unavailable(&e))?,
            None => None,
        };
        if let Some(until) = credential.as_ref().and_then(|c| c.locked_until).filter(|until| *until > now) {
            let minutes = (until - now) / 60_000_000 + 1;
            return Err(Refusal::forbidden(
                "locked",
                "这个账户因连续输错密码暂停使用。",
                format!("请 {minutes} 分钟后再试，或请管理员重设密码。"),
            )
            .from_source("登录规则"));
        }
        let hash = credential.as_ref().map_or_else(|| nobody().to_owned(), |c| c.password.clone());
        let fits = password.len() <= PASSWORD_BYTES_MAX && check(password.to_owned(), hash).await;
        let (Some(person), Some(mut credential)) = (person, credential) else {
            self.note_access(
                &Caller::public(address),
                "sign_in_failed",
                None,
                &login.chars().take(64).collect::<String>(),
            );
            return Err(refused());
        };
        let caller = Caller::person(person.clone(), address);
        if !fits {
            credential.failures += 1;
            if credential.failures >= FAILURES_MAX {
                credential.failures = 0;
                credential.locked_until = Some(now + LOCK_US);
            }
            accounts.put_credential(&credential).await.map_err(|e| unavailable(&e))?;
            self.note_access(&caller, "sign_in_failed", None, "");
            return Err(refused());
        }
        // With a second factor due, wrong codes are forgotten only when a right one comes: whoever knows the password
        // could otherwise guess codes without end.
        if credential.totp.is_none() && (credential.failures != 0 || credential.locked_until.is_some()) {
            credential.failures = 0;
            credential.locked_until = None;
            accounts.put_credential(&credential).await.map_err(|e| unavailable(&e))?;
        }
        let half = credential.totp.is_some();
        let cookie = self.token_text();
        let session = SessionRow {
            digest: sha256(cookie.as_bytes()),
            person: person.code.to_string(),
            csrf: self.token_text(),
            created_at: now,
            used_at: now,
            expires_at: now + if half { HALF_US } else { SESSION_US },
            agent: agent.chars().take(120).collect(),
            half,
        };
        accounts.put_session(&session).await.map_err(|e| unavailable(&e))?;
        self.note_access(&caller, "sign_in", None, "");
        Ok(SignedIn { cookie, csrf: session.csrf, second_factor: half, must_change: credential.must_change })
    }

    async fn live_session(&self, cookie: &str) -> Option<(SessionRow, Arc<Person>)> {
        let now = self.now().as_microsecond();
        let session = self.inner.store.accounts.session(sha256(cookie.as_bytes())).await.ok()??;
        if session.expires_at <= now || now - session.used_at > SESSION_IDLE_US {
            return None;
        }
        let person = PersonCode::parse(&session.person)
            .ok()
            .and_then(|code| self.directory().people.get(&code).cloned());
        Some((session, person.filter(|p| p.active)?))
    }

    /// The session of a cookie, when it is alive.
    pub async fn session(&self, cookie: &str) -> Option<SessionInfo> {
        let (mut session, person) = self.live_session(cookie).await?;
        let now = self.now().as_microsecond();
        let credential = self.inner.store.accounts.credential(&session.person).await.ok()??;
        if now - session.used_at > TOUCH_US {
            session.used_at = now;
            let _ = self.inner.store.accounts.put_session(&session).await;
        }
        let policy_wants = person.second_factor
            || person
                .posts
                .iter()
                .flat_map(|p| &p.roles)
                .any(|r| self.directory().settings.second_factor_roles.contains(r));
        let must_enrol = policy_wants && credential.totp.is_none();
        Some(SessionInfo {
            person,
            csrf: session.csrf,
            half: session.half,
            must_change: credential.must_change,
            must_enrol,
        })
    }

    /// Completes a sign-in with a TOTP code. A code works once.
    ///
    /// # Errors
    /// A wrong or used code; too many wrong ones lock the account.
    pub async fn second_factor(&self, cookie: &str, code: &str) -> Result<(), Refusal> {
        let (mut session, person) = self.live_session(cookie).await.ok_or_else(refused)?;
        let accounts = &self.inner.store.accounts;
        let mut credential =
            accounts.credential(&session.person).await.map_err(|e| unavailable(&e))?.ok_or_else(refused)?;
        let now = self.now();
        if credential.locked_until.is_some_and(|until| until > now.as_microsecond()) {
            return Err(refused());
        }
        if !self.totp_fits(&mut credential, &person.login, code) {
            credential.failures += 1;
            if credential.failures >= FAILURES_MAX {
                credential.failures = 0;
                credential.locked_until = Some(now.as_microsecond() + LOCK_US);
            }
            accounts.put_credential(&credential).await.map_err(|e| unavailable(&e))?;
            return Err(Refusal::forbidden(
                "second-factor",
                "动态口令不对或已用过。",
                "请输入手机上最新的六位数字。",
            )
            .from_source("登录规则"));
        }
        credential.failures = 0;
        credential.locked_until = None;
        accounts.put_credential(&credential).await.map_err(|e| unavailable(&e))?;
        session.half = false;
        session.expires_at = now.as_microsecond() + SESSION_US;
        accounts.put_session(&session).await.map_err(|e| unavailable(&e))
    }

    fn totp_fits(&self, credential: &mut Credential, login: &str, code: &str) -> bool {
        let secret = credential.totp.as_deref().and_then(|s| self.inner.shared.keys().unwrap_secret(s));
        let Some(totp) = secret.and_then(|s| totp(&s, login)) else {
            return false;
        };
        let seconds = u64::try_from(self.now().as_second()).unwrap_or(0);
        let Some(step) = totp.check(code.trim(), seconds) else {
            return false;
        };
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        if step <= credential.totp_step {
            return false;
        }
        credential.totp_step = step;
        true
    }

    /// Ends a session.
    pub async fn sign_out(&self, cookie: &str) {
        let _ = self.inner.store.accounts.drop_session(sha256(cookie.as_bytes())).await;
    }

    /// Changes one's own password; all sessions end.
    ///
    /// # Errors
    /// A wrong old password, or a new one that is too weak.
    pub async fn change_password(&self, who: &Caller, old: &str, new: &str) -> Result<(), Refusal> {
        let Actor::Person(person) = &who.actor else {
            return Err(refused());
        };
        let accounts = &self.inner.store.accounts;
        let mut credential = accounts
            .credential(person.code.as_str())
            .await
            .map_err(|e| unavailable(&e))?
            .ok_or_else(refused)?;
        if !check(old.to_owned(), credential.password.clone()).await {
            return Err(Refusal::invalid("old", "原密码不对。", "请重新输入。"));
        }
        let weak = new.chars().count() < PASSWORD_CHARS_MIN
            || new.len() > PASSWORD_BYTES_MAX
            || new == old
            || new.contains(&person.login)
            || new.chars().all(|c| c.is_ascii_digit());
        if weak {
            return Err(Refusal::invalid(
                "new",
                "新密码太弱。",
                format!("至少 {PASSWORD_CHARS_MIN} 个字符，不全是数字，不含登录名，不与原密码相同。"),
            ));
        }
        let new = new.to_owned();
        credential.password =
            tokio::task::spawn_blocking(move || hash_password(&new)).await.unwrap_or_default();
        credential.must_change = false;
        accounts.put_credential(&credential).await.map_err(|e| unavailable(&e))?;
        accounts.drop_sessions(Some(person.code.as_str()), 0).await.map_err(|e| unavailable(&e))?;
        self.access_changed(person.code.clone(), "本人修改密码").await;
        Ok(())
    }

    async fn access_changed(&self, person: PersonCode, what: &str) {
        let record = Record::Access { person, what: format!("{what} {}", self.now()) };
        if let Err(refusal) = self.put_register(&Caller::system(), record).await {
            tracing::error!(%refusal, "a change of access was not recorded");
        }
    }

    /// Gives somebody a one-time password and ends his sessions; a lost second factor is taken off.
    ///
    /// # Errors
    /// When the caller is no administrator or there is no such person.
    pub async fn reset_password(&self, who: &Caller, person: &PersonCode) -> Result<String, Refusal> {
        self.may(who, "administer", None)?;
        if !self.directory().people.contains_key(person) {
            return Err(Refusal::missing("没有这个人员。"));
        }
        let password: String = self.token_text().chars().take(16).collect();
        let hashed = password.clone();
        let hash = tokio::task::spawn_blocking(move || hash_password(&hashed)).await.unwrap_or_default();
        let credential = Credential {
            person: person.to_string(),
            password: hash,
            must_change: true,
            ..Credential::default()
        };
        let accounts = &self.inner.store.accounts;
        accounts.put_credential(&credential).await.map_err(|e| unavailable(&e))?;
        accounts.drop_sessions(Some(person.as_str()), 0).await.map_err(|e| unavailable(&e))?;
        self.access_changed(person.clone(), &format!("{} 重设密码", who.label())).await;
        Ok(password)
    }

    /// Sets passwords of many at once (first set-up, demo): person and hash.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn set_credentials(&self, credentials: &[(PersonCode, String)]) -> Result<(), StoreError> {
        let rows: Vec<_> = credentials
            .iter()
            .map(|(person, hash)| Credential {
                person: person.to_string(),
                password: hash.clone(),
                ..Credential::default()
            })
            .collect();
        self.inner.store.accounts.put_credentials(&rows).await
    }

    /// Begins the enrolment of a second factor: base32 secret and otpauth URL.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn enroll_totp(&self, who: &Caller) -> Result<(String, String), Refusal> {
        let Actor::Person(person) = &who.actor else {
            return Err(refused());
        };
        let mut secret = [0u8; 20];
        self.random(&mut secret);
        let totp = totp(&secret, &person.login)
            .ok_or_else(|| Refusal::busy("动态口令暂不可用。", "请联系管理员。"))?;
        let url = totp.to_url().map_err(|_| Refusal::busy("动态口令暂不可用。", "请联系管理员。"))?;
        Ok((Secret::from(secret.to_vec()).to_base32(), url))
    }

    /// Completes it with a first code; the secret is the one that [`App::enroll_totp`] gave.
    ///
    /// # Errors
    /// A wrong code or secret.
    pub async fn confirm_totp(&self, who: &Caller, secret: &str, code: &str) -> Result<(), Refusal> {
        let Actor::Person(person) = &who.actor else {
            return Err(refused());
        };
        let bad = || Refusal::invalid("code", "动态口令不对。", "请核对手机时间，输入最新的六位数字。");
        let secret =
            Secret::try_from_base32(secret).ok().filter(|s| s.as_bytes().len() == 20).ok_or_else(bad)?;
        let accounts = &self.inner.store.accounts;
        let mut credential = accounts
            .credential(person.code.as_str())
            .await
            .map_err(|e| unavailable(&e))?
            .ok_or_else(refused)?;
        credential.totp =
            Some(self.inner.shared.keys().wrap_secret(self.inner.entropy.as_ref(), secret.as_bytes()));
        credential.totp_step = 0;
        if !self.totp_fits(&mut credential, &person.login, code) {
            return Err(bad());
        }
        accounts.put_credential(&credential).await.map_err(|e| unavailable(&e))?;
        self.access_changed(person.code.clone(), "启用动态口令").await;
        Ok(())
    }

    /// Issues a token for oneself; its text is shown once.
    ///
    /// # Errors
    /// An unknown scope or a life that is too long.
    pub async fn issue_token(
        &self,
        who: &Caller,
        name: &str,
        scopes: &[String],
        days: i64,
    ) -> Result<String, Refusal> {
        let Actor::Person(person) = &who.actor else {
            return Err(refused());
        };
        if let Some(bad) = scopes.iter().find(|s| !SCOPES.contains(&s.as_str())) {
            return Err(Refusal::invalid(
                "scopes",
                format!("没有权限 {bad}。"),
                format!("可选：{}", SCOPES.join("、")),
            ));
        }
        if scopes.is_empty()
            || !(1..=TOKEN_DAYS_MAX).contains(&days)
            || name.trim().is_empty()
            || name.chars().count() > 60
        {
            return Err(Refusal::invalid(
                "name",
                "用途为空或太长，或没有选权限，或有效期不对。",
                "用途请写 1 至 60 个字；至少选一项权限；有效期 1 至 366 天。",
            ));
        }
        let text = format!("lz_{}", self.token_text());
        let now = self.now().as_microsecond();
        let row = TokenRow {
            digest: sha256(text.as_bytes()),
            person: person.code.to_string(),
            name: name.trim().to_owned(),
            scopes: scopes.to_vec(),
            created_at: now,
            expires_at: now + days * 24 * 3600 * 1_000_000,
            revoked_at: None,
        };
        self.inner.store.accounts.put_token(&row).await.map_err(|e| unavailable(&e))?;
        self.access_changed(person.code.clone(), &format!("签发令牌 {}", name.trim())).await;
        Ok(text)
    }

    /// One's own tokens; an administrator sees all.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn tokens(&self, who: &Caller) -> Result<Vec<TokenRow>, Refusal> {
        let Actor::Person(person) = &who.actor else {
            return Err(refused());
        };
        let all = self.may(who, "administer", None).is_ok();
        self.inner
            .store
            .accounts
            .tokens((!all).then_some(person.code.as_str()))
            .await
            .map_err(|e| unavailable(&e))
    }

    /// Revokes a token.
    ///
    /// # Errors
    /// When it is not one's own and one is no administrator.
    pub async fn revoke_token(&self, who: &Caller, digest: Digest) -> Result<(), Refusal> {
        let mut token = self
            .tokens(who)
            .await?
            .into_iter()
            .find(|t| t.digest == digest)
            .ok_or_else(|| Refusal::missing("没有这个令牌。"))?;
        token.revoked_at = Some(self.now().as_microsecond());
        self.inner.tokens.forget(digest);
        self.inner.store.accounts.put_token(&token).await.map_err(|e| unavailable(&e))
    }

    /// Who calls with this token.
    ///
    /// # Errors
    /// Unknown, expired or revoked.
    pub async fn bearer(&self, token: &str, address: &str) -> Result<Caller, Refusal> {
        let bad = |rule: &str| {
            Refusal::forbidden("token", rule.to_owned(), "请在“我的账户”里重新签发令牌。")
                .from_source("接口令牌规则")
        };
        let (digest, now) = (sha256(token.as_bytes()), self.now().as_microsecond());
        let row = match self.inner.tokens.get(digest, now) {
            Some(row) => row,
            None => {
                let row = self.inner.store.accounts.token(digest).await.map_err(|e| unavailable(&e))?;
                let row = row.ok_or_else(|| bad("令牌无效。"))?;
                self.inner.tokens.put(row.clone(), now);
                row
            }
        };
        if row.revoked_at.is_some() {
            return Err(bad("令牌已被撤销。"));
        }
        if row.expires_at <= now {
            return Err(bad("令牌已过期。"));
        }
        let person = PersonCode::parse(&row.person)
            .ok()
            .and_then(|code| self.directory().people.get(&code).cloned())
            .filter(|p| p.active);
        let person = person.ok_or_else(|| bad("令牌所属人员已停用。"))?;
        Ok(Caller { scopes: Some(row.scopes), ..Caller::person(person, address) })
    }
}

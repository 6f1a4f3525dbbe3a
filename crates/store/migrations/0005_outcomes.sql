-- Ways in by how a matter ended: what the numbers of the statistics lead to.
CREATE INDEX matter_closed ON matter (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX matter_rework ON matter (id) WHERE rework > 0;
CREATE INDEX matter_rating ON matter (rating, id) WHERE rating IS NOT NULL;
-- Who did what of a kind, when: the access log is searched by it.
CREATE INDEX access_action ON access (action, at);

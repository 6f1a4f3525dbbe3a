-- Settled matters counted by where they are, once for each way in that a filter offers (see src/tiles.rs): a map of a
-- whole district counts tiles instead of matters, also when it is filtered. Open matters are few and read one by one.

-- What a map of open matters asks for is all in here: now also kind and source.
DROP INDEX matter_open_cell;
CREATE INDEX matter_open_cell
    ON matter (cell, lng, lat, unit, assignee, stage, category, source, kind, overdue, due_at, open, id) WHERE open;

DROP TABLE tile;
CREATE TABLE tile (
    facet TEXT NOT NULL,
    cell  BIGINT NOT NULL,
    n     BIGINT NOT NULL,
    lng   BIGINT NOT NULL,
    lat   BIGINT NOT NULL,
    PRIMARY KEY (facet, cell)
) WITHOUT ROWID;

INSERT INTO tile (facet, cell, n, lng, lat)
SELECT kind, cell >> 22, COUNT(*), SUM(lng), SUM(lat)
FROM matter WHERE NOT open AND cell IS NOT NULL AND lng IS NOT NULL AND lat IS NOT NULL GROUP BY 1, 2;
INSERT INTO tile (facet, cell, n, lng, lat)
SELECT kind || '|g|' || SUBSTR(category, 1, 3), cell >> 22, COUNT(*), SUM(lng), SUM(lat)
FROM matter WHERE NOT open AND cell IS NOT NULL AND lng IS NOT NULL AND lat IS NOT NULL AND category IS NOT NULL GROUP BY 1, 2;
INSERT INTO tile (facet, cell, n, lng, lat)
SELECT kind || '|c|' || category, cell >> 22, COUNT(*), SUM(lng), SUM(lat)
FROM matter WHERE NOT open AND cell IS NOT NULL AND lng IS NOT NULL AND lat IS NOT NULL AND category IS NOT NULL GROUP BY 1, 2;
INSERT INTO tile (facet, cell, n, lng, lat)
SELECT kind || '|u|' || unit, cell >> 22, COUNT(*), SUM(lng), SUM(lat)
FROM matter WHERE NOT open AND cell IS NOT NULL AND lng IS NOT NULL AND lat IS NOT NULL AND unit IS NOT NULL GROUP BY 1, 2;
INSERT INTO tile (facet, cell, n, lng, lat)
SELECT kind || '|ug|' || unit || '|' || SUBSTR(category, 1, 3), cell >> 22, COUNT(*), SUM(lng), SUM(lat)
FROM matter WHERE NOT open AND cell IS NOT NULL AND lng IS NOT NULL AND lat IS NOT NULL AND unit IS NOT NULL AND category IS NOT NULL GROUP BY 1, 2;
INSERT INTO tile (facet, cell, n, lng, lat)
SELECT kind || '|uc|' || unit || '|' || category, cell >> 22, COUNT(*), SUM(lng), SUM(lat)
FROM matter WHERE NOT open AND cell IS NOT NULL AND lng IS NOT NULL AND lat IS NOT NULL AND unit IS NOT NULL AND category IS NOT NULL GROUP BY 1, 2;
INSERT INTO tile (facet, cell, n, lng, lat)
SELECT kind || '|s|' || source, cell >> 22, COUNT(*), SUM(lng), SUM(lat)
FROM matter WHERE NOT open AND cell IS NOT NULL AND lng IS NOT NULL AND lat IS NOT NULL GROUP BY 1, 2;
INSERT INTO tile (facet, cell, n, lng, lat)
SELECT kind || '|t|' || stage, cell >> 22, COUNT(*), SUM(lng), SUM(lat)
FROM matter WHERE NOT open AND cell IS NOT NULL AND lng IS NOT NULL AND lat IS NOT NULL GROUP BY 1, 2;
INSERT INTO tile (facet, cell, n, lng, lat)
SELECT kind || CASE WHEN overdue THEN '|late' ELSE '|kept' END, cell >> 22, COUNT(*), SUM(lng), SUM(lat)
FROM matter WHERE NOT open AND cell IS NOT NULL AND lng IS NOT NULL AND lat IS NOT NULL GROUP BY 1, 2;

-- The same in tiles of about 1.6 km: a map of a whole district adds up hundreds.
INSERT INTO tile (facet, cell, n, lng, lat)
SELECT '~' || facet, cell >> 6, SUM(n), SUM(lng), SUM(lat) FROM tile GROUP BY 1, 2;

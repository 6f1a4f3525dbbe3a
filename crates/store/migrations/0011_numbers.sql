-- A number is one only among those that this node gives. What other members call their matters is theirs: two of them may
-- use the same, and none may take one of ours in advance.
DROP INDEX matter_number;
CREATE UNIQUE INDEX matter_own_number ON matter (number)
    WHERE number <> ''
    AND kind NOT IN ('lead', 'assistance', 'evidence', 'bulletin', 'dispute', 'away', 'meeting', 'plan', 'compact');
CREATE INDEX matter_number ON matter (number) WHERE number <> '';

CREATE TRIGGER revocation_thinned_no_update BEFORE UPDATE ON revocation_thinned BEGIN SELECT RAISE(ABORT, 'evidence is appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER revocation_thinned_no_delete BEFORE DELETE ON revocation_thinned BEGIN SELECT RAISE(ABORT, 'evidence is appended, never edited'); END;
--> statement-breakpoint
-- Chains that a rejection had taken down and that jobs had not judged yet: the doubt stands at the issuer now, the
-- certificate keeps its last judgement.
INSERT OR IGNORE INTO chain_doubt (authority_id, chain, since)
  SELECT DISTINCT authority_id, chain, unixepoch() * 1000 FROM certificate
   WHERE chain_rule = 'taken_down' AND authority_id IS NOT NULL ORDER BY chain;
--> statement-breakpoint
UPDATE certificate SET chain = 'anchored', chain_rule = NULL WHERE chain_rule = 'taken_down' AND authority_id IS NOT NULL;
--> statement-breakpoint
INSERT INTO chain_run (id, scope, state, requested_at)
  SELECT lower(hex(randomblob(16))), 'all', 'requested', unixepoch() * 1000 WHERE EXISTS (SELECT 1 FROM chain_doubt);
--> statement-breakpoint
-- A census tells from this release on which chains are anchored; jobs take it anew.
DELETE FROM certificate_census;

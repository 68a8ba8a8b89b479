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
--> statement-breakpoint
-- Another name finds its holder as the present one does.
DROP VIEW holder_words;
--> statement-breakpoint
CREATE VIEW holder_words AS SELECT s.docid, h.id, replace(replace(h.name || coalesce(' ' || (SELECT group_concat(a.name, ' ') FROM holder_alias a WHERE a.holder_id = h.id), ''), '''', ''), '’', '') || ' ' || coalesce(h.nip, '') || ' ' || coalesce(h.email, '') AS words FROM holder_search s JOIN holder h ON h.id = s.holder_id;
--> statement-breakpoint
CREATE TRIGGER holder_alias_added AFTER INSERT ON holder_alias BEGIN
  UPDATE holder_fts SET words = (SELECT words FROM holder_words WHERE id = new.holder_id) WHERE rowid = (SELECT docid FROM holder_search WHERE holder_id = new.holder_id);
END;
--> statement-breakpoint
CREATE TRIGGER holder_alias_changed AFTER UPDATE ON holder_alias BEGIN
  UPDATE holder_fts SET words = (SELECT words FROM holder_words WHERE id = old.holder_id) WHERE rowid = (SELECT docid FROM holder_search WHERE holder_id = old.holder_id);
  UPDATE holder_fts SET words = (SELECT words FROM holder_words WHERE id = new.holder_id) WHERE rowid = (SELECT docid FROM holder_search WHERE holder_id = new.holder_id);
END;
--> statement-breakpoint
CREATE TRIGGER holder_alias_removed AFTER DELETE ON holder_alias BEGIN
  UPDATE holder_fts SET words = (SELECT words FROM holder_words WHERE id = old.holder_id) WHERE rowid = (SELECT docid FROM holder_search WHERE holder_id = old.holder_id);
END;
--> statement-breakpoint
UPDATE holder_fts SET words = (SELECT w.words FROM holder_words w WHERE w.docid = holder_fts.rowid) WHERE rowid IN (SELECT s.docid FROM holder_alias a JOIN holder_search s ON s.holder_id = a.holder_id);
--> statement-breakpoint
-- What is known of confirmations before spans were kept: the last one of each line.
INSERT INTO revocation_confirmation (id, evidence_id, "from", "to") SELECT 'line-' || evidence_id || '-' || substr(issuer_key, 1, 8), evidence_id, confirmed_at, confirmed_at FROM revocation_line;

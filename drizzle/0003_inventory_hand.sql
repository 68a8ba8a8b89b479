-- Search. The words of a certificate are those of its own fields and of its holder; the triggers keep index, sort key and
-- facts together whoever writes. Contentless: the words are not stored a second time. detail=none: no phrases, only words.
CREATE VIRTUAL TABLE certificate_fts USING fts5(words, content='', contentless_delete=1, detail=none, tokenize="unicode61 remove_diacritics 2");
--> statement-breakpoint
CREATE VIRTUAL TABLE holder_fts USING fts5(words, content='', contentless_delete=1, detail=none, tokenize="unicode61 remove_diacritics 2");
--> statement-breakpoint
CREATE VIEW certificate_words AS SELECT s.docid, c.id, c.holder_id, replace(replace(c.common_name || ' ' || coalesce(h.name || ' ' || coalesce(h.nip, '') || ' ' || coalesce(h.email, ''), ''), '''', ''), '’', '') || ' ' || coalesce(c.serial, '') || ' ' || coalesce(c.fingerprint, '') || ' ' || c.organization || ' ' || c.san AS words FROM certificate_search s JOIN certificate c ON c.id = s.certificate_id LEFT JOIN holder h ON h.id = c.holder_id;
--> statement-breakpoint
CREATE VIEW holder_words AS SELECT s.docid, h.id, replace(replace(h.name, '''', ''), '’', '') || ' ' || coalesce(h.nip, '') || ' ' || coalesce(h.email, '') AS words FROM holder_search s JOIN holder h ON h.id = s.holder_id;
--> statement-breakpoint
UPDATE certificate SET name_key = coalesce((SELECT name_key FROM holder WHERE id = certificate.holder_id), upper(replace(trim(common_name), '''', '')));
--> statement-breakpoint
INSERT INTO certificate_search (certificate_id) SELECT id FROM certificate ORDER BY id;
--> statement-breakpoint
INSERT INTO holder_search (holder_id) SELECT id FROM holder ORDER BY id;
--> statement-breakpoint
INSERT INTO certificate_fts (rowid, words) SELECT docid, words FROM certificate_words;
--> statement-breakpoint
INSERT INTO holder_fts (rowid, words) SELECT docid, words FROM holder_words;
--> statement-breakpoint
CREATE TRIGGER certificate_search_added AFTER INSERT ON certificate BEGIN
  UPDATE certificate SET name_key = coalesce((SELECT name_key FROM holder WHERE id = new.holder_id), upper(new.common_name)) WHERE id = new.id AND (new.name_key = '' OR new.holder_id IS NOT NULL);
  INSERT INTO certificate_search (certificate_id) VALUES (new.id);
  -- The words of certificate_words, without looking for the row that is at hand: imports bring a hundred thousand.
  INSERT INTO certificate_fts (rowid, words) VALUES (last_insert_rowid(), replace(replace(new.common_name || ' ' || coalesce((SELECT h.name || ' ' || coalesce(h.nip, '') || ' ' || coalesce(h.email, '') FROM holder h WHERE h.id = new.holder_id), ''), '''', ''), '’', '') || ' ' || coalesce(new.serial, '') || ' ' || coalesce(new.fingerprint, '') || ' ' || new.organization || ' ' || new.san);
END;
--> statement-breakpoint
CREATE TRIGGER certificate_search_changed AFTER UPDATE OF holder_id, common_name, serial, fingerprint, organization, san ON certificate
WHEN old.holder_id IS NOT new.holder_id OR old.common_name IS NOT new.common_name OR old.serial IS NOT new.serial OR old.fingerprint IS NOT new.fingerprint OR old.organization IS NOT new.organization OR old.san IS NOT new.san BEGIN
  UPDATE certificate SET name_key = coalesce((SELECT name_key FROM holder WHERE id = new.holder_id), CASE WHEN old.name_key IS NOT new.name_key OR (old.holder_id IS NULL AND old.common_name = new.common_name) THEN new.name_key ELSE upper(new.common_name) END) WHERE id = new.id;
  UPDATE certificate_fts SET words = (SELECT words FROM certificate_words WHERE id = new.id) WHERE rowid = (SELECT docid FROM certificate_search WHERE certificate_id = new.id);
END;
--> statement-breakpoint
CREATE TRIGGER holder_search_added AFTER INSERT ON holder BEGIN
  INSERT INTO holder_search (holder_id) VALUES (new.id);
  INSERT INTO holder_fts (rowid, words) SELECT docid, words FROM holder_words WHERE id = new.id;
END;
--> statement-breakpoint
CREATE TRIGGER holder_search_changed AFTER UPDATE OF name, name_key, nip, email ON holder
WHEN old.name IS NOT new.name OR old.name_key IS NOT new.name_key OR old.nip IS NOT new.nip OR old.email IS NOT new.email BEGIN
  UPDATE certificate SET name_key = new.name_key WHERE holder_id = new.id;
  UPDATE certificate_fts SET words = (SELECT w.words FROM certificate_words w WHERE w.docid = certificate_fts.rowid) WHERE rowid IN (SELECT s.docid FROM certificate c JOIN certificate_search s ON s.certificate_id = c.id WHERE c.holder_id = new.id);
  UPDATE holder_fts SET words = (SELECT words FROM holder_words WHERE id = new.id) WHERE rowid = (SELECT docid FROM holder_search WHERE holder_id = new.id);
END;
--> statement-breakpoint
CREATE TRIGGER certificate_search_removed BEFORE DELETE ON certificate BEGIN
  DELETE FROM certificate_fts WHERE rowid = (SELECT docid FROM certificate_search WHERE certificate_id = old.id);
  DELETE FROM certificate_search WHERE certificate_id = old.id;
END;
--> statement-breakpoint
CREATE TRIGGER holder_search_removed BEFORE DELETE ON holder BEGIN
  DELETE FROM holder_fts WHERE rowid = (SELECT docid FROM holder_search WHERE holder_id = old.id);
  DELETE FROM holder_search WHERE holder_id = old.id;
END;
--> statement-breakpoint
CREATE TRIGGER past_summary_no_delete BEFORE DELETE ON past_summary BEGIN SELECT RAISE(ABORT, 'past_summary is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER past_summary_no_update BEFORE UPDATE OF id, kind, period, counts, score, reported_to, reported_on, reference, file_sha256, file_name, corrects, entered_by, entered_at ON past_summary BEGIN SELECT RAISE(ABORT, 'past_summary is never edited'); END;
--> statement-breakpoint
CREATE TRIGGER past_summary_withdrawn_once BEFORE UPDATE ON past_summary WHEN old.withdrawn_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'past_summary is withdrawn once'); END;
--> statement-breakpoint
CREATE TRIGGER incident_occurrence_no_update BEFORE UPDATE ON incident_occurrence BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER incident_occurrence_no_delete BEFORE DELETE ON incident_occurrence BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER incident_move_no_update BEFORE UPDATE ON incident_move BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER incident_move_no_delete BEFORE DELETE ON incident_move BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
-- Until 0.1.0 an owner found later was written from the certificate’s beginning, over the agency of the import. An owner stands from where the one before ended.
UPDATE ownership SET "from" = (SELECT max(o."to") FROM ownership o WHERE o.certificate_id = ownership.certificate_id AND o.rowid < ownership.rowid) WHERE EXISTS (SELECT 1 FROM ownership o WHERE o.certificate_id = ownership.certificate_id AND o.rowid < ownership.rowid AND o."to" > ownership."from");

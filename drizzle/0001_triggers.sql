-- The trail is append-only: the database itself refuses to change or remove what was written.
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_target_no_update BEFORE UPDATE ON audit_target BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_target_no_delete BEFORE DELETE ON audit_target BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_no_update BEFORE UPDATE ON status_event BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_no_delete BEFORE DELETE ON status_event BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;

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

--> statement-breakpoint
CREATE TRIGGER finding_step_no_update BEFORE UPDATE ON finding_step BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER finding_step_no_delete BEFORE DELETE ON finding_step BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER message_attempt_no_update BEFORE UPDATE ON message_attempt BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER message_attempt_no_delete BEFORE DELETE ON message_attempt BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER incident_stamp_no_update BEFORE UPDATE ON incident_stamp BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER incident_stamp_no_delete BEFORE DELETE ON incident_stamp BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER incident_assignment_no_update BEFORE UPDATE ON incident_assignment BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER incident_assignment_no_delete BEFORE DELETE ON incident_assignment BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER incident_assessment_no_update BEFORE UPDATE ON incident_assessment BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER incident_assessment_no_delete BEFORE DELETE ON incident_assessment BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER revocation_step_no_update BEFORE UPDATE ON revocation_step BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER revocation_step_no_delete BEFORE DELETE ON revocation_step BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER obligation_no_update BEFORE UPDATE ON obligation BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER obligation_no_delete BEFORE DELETE ON obligation BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER obligation_rebase_no_update BEFORE UPDATE ON obligation_rebase BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER obligation_rebase_no_delete BEFORE DELETE ON obligation_rebase BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER transmission_no_update BEFORE UPDATE ON transmission BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER transmission_no_delete BEFORE DELETE ON transmission BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER chronology_no_update BEFORE UPDATE ON chronology BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER chronology_no_delete BEFORE DELETE ON chronology BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER custody_event_no_update BEFORE UPDATE ON custody_event BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER custody_event_no_delete BEFORE DELETE ON custody_event BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER incident_verdict_no_update BEFORE UPDATE ON incident_verdict BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER incident_verdict_no_delete BEFORE DELETE ON incident_verdict BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER letter_locked BEFORE UPDATE OF obligation_id, version, number, date, content, author, locked_at, content_hash, pdf_sha256, delegation ON letter WHEN OLD.locked_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a letter that was approved or sent is locked'); END;
--> statement-breakpoint
CREATE TRIGGER letter_no_delete BEFORE DELETE ON letter BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
--> statement-breakpoint
CREATE TRIGGER revocation_evidence_no_update BEFORE UPDATE ON revocation_evidence BEGIN SELECT RAISE(ABORT, 'evidence is appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER revocation_evidence_no_delete BEFORE DELETE ON revocation_evidence BEGIN SELECT RAISE(ABORT, 'evidence is appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER snapshot_no_update BEFORE UPDATE ON snapshot BEGIN SELECT RAISE(ABORT, 'a snapshot is frozen'); END;
--> statement-breakpoint
CREATE TRIGGER snapshot_no_delete BEFORE DELETE ON snapshot BEGIN SELECT RAISE(ABORT, 'a snapshot is frozen'); END;
--> statement-breakpoint
CREATE TRIGGER figure_no_update BEFORE UPDATE ON figure BEGIN SELECT RAISE(ABORT, 'a snapshot is frozen'); END;
--> statement-breakpoint
CREATE TRIGGER figure_no_delete BEFORE DELETE ON figure BEGIN SELECT RAISE(ABORT, 'a snapshot is frozen'); END;
--> statement-breakpoint
CREATE TRIGGER report_approved_no_update BEFORE UPDATE ON report WHEN OLD.state = 'approved' BEGIN SELECT RAISE(ABORT, 'an approved report is never changed; make an erratum'); END;
--> statement-breakpoint
CREATE TRIGGER report_no_delete BEFORE DELETE ON report BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
--> statement-breakpoint
CREATE TRIGGER report_dispatch_no_update BEFORE UPDATE ON report_dispatch BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;
--> statement-breakpoint
CREATE TRIGGER report_dispatch_no_delete BEFORE DELETE ON report_dispatch BEGIN SELECT RAISE(ABORT, 'facts are appended, never edited'); END;

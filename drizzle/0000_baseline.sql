CREATE TABLE `agency` (
	`id` text PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`kind` text NOT NULL,
	`level` text NOT NULL,
	`parent_id` text,
	`valid_from` text NOT NULL,
	`valid_to` text,
	CONSTRAINT "agency_kind_known" CHECK("agency"."kind" in ('SEKRETARIAT_DAERAH', 'SEKRETARIAT_DPRD', 'INSPEKTORAT', 'RSUD', 'DINAS_DAERAH', 'LEMBAGA_TEKNIS_DAERAH', 'SATPOL_PP', 'KECAMATAN', 'KELURAHAN')),
	CONSTRAINT "agency_level_known" CHECK("agency"."level" in ('agency', 'unit')),
	CONSTRAINT "agency_valid_to_order" CHECK("agency"."valid_to" >= "agency"."valid_from")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agency_by_code` ON `agency` (`code`);--> statement-breakpoint
CREATE INDEX `agency_by_parent` ON `agency` (`parent_id`);--> statement-breakpoint
CREATE TABLE `agency_name` (
	`id` text PRIMARY KEY NOT NULL,
	`agency_id` text NOT NULL,
	`name` text NOT NULL,
	`short_name` text NOT NULL,
	`from` text NOT NULL,
	`to` text,
	`source` text NOT NULL,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "agency_name_to_order" CHECK("agency_name"."to" >= "agency_name"."from")
);
--> statement-breakpoint
CREATE INDEX `agency_name_by_agency` ON `agency_name` (`agency_id`,`from`);--> statement-breakpoint
CREATE TABLE `contact` (
	`id` text PRIMARY KEY NOT NULL,
	`party` text NOT NULL,
	`addressee` text NOT NULL,
	`address` text NOT NULL,
	`email` text NOT NULL,
	`phone` text NOT NULL,
	`out_of_hours` text NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_to` integer,
	`verified_at` integer,
	`verified_by` text,
	`synthetic` integer DEFAULT false NOT NULL,
	CONSTRAINT "contact_party_known" CHECK("contact"."party" in ('bssn', 'bsre', 'mayor', 'governor', 'pdp', 'police', 'inspectorate', 'other')),
	CONSTRAINT "contact_synthetic_known" CHECK("contact"."synthetic" in (0, 1)),
	CONSTRAINT "contact_valid_to_order" CHECK("contact"."valid_to" >= "contact"."valid_from")
);
--> statement-breakpoint
CREATE INDEX `contact_by_party` ON `contact` (`party`,`valid_to`);--> statement-breakpoint
CREATE TABLE `audit_entry` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`action` text NOT NULL,
	`actor` text NOT NULL,
	`leaf` text NOT NULL,
	`leaf_hash` blob NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_by_time` ON `audit_entry` (`at`);--> statement-breakpoint
CREATE INDEX `audit_by_action` ON `audit_entry` (`action`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_by_actor` ON `audit_entry` (`actor`,`seq`);--> statement-breakpoint
CREATE TABLE `audit_head` (
	`id` integer PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`root` text NOT NULL,
	`frontier` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_personal` (
	`commitment` text PRIMARY KEY NOT NULL,
	`field` text NOT NULL,
	`value` text NOT NULL,
	`salt` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_target` (
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`ref` text NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `audit_entry`(`seq`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `audit_target_by_ref` ON `audit_target` (`kind`,`ref`,`seq`);--> statement-breakpoint
CREATE TABLE `attempt` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `attempt_by_key` ON `attempt` (`key`,`at`);--> statement-breakpoint
CREATE TABLE `one_time_link` (
	`id` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`user_id` text,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "one_time_link_purpose_known" CHECK("one_time_link"."purpose" in ('setup', 'invitation', 'reset')),
	CONSTRAINT "one_time_link_expires_at_order" CHECK("one_time_link"."expires_at" >= "one_time_link"."created_at"),
	CONSTRAINT "one_time_link_used_at_order" CHECK("one_time_link"."used_at" >= "one_time_link"."created_at")
);
--> statement-breakpoint
CREATE INDEX `one_time_link_by_user` ON `one_time_link` (`user_id`);--> statement-breakpoint
CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`device` text NOT NULL,
	`network` text NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "session_ends_at_order" CHECK("session"."ends_at" >= "session"."created_at")
);
--> statement-breakpoint
CREATE INDEX `session_by_user` ON `session` (`user_id`);--> statement-breakpoint
CREATE TABLE `user` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`position` text DEFAULT '' NOT NULL,
	`phone` text DEFAULT '' NOT NULL,
	`agency_id` text,
	`password_hash` text,
	`created_at` integer NOT NULL,
	`disabled_at` integer,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "user_disabled_at_order" CHECK("user"."disabled_at" >= "user"."created_at")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `user_by_email` ON `user` (`email`);--> statement-breakpoint
CREATE INDEX `user_by_agency` ON `user` (`agency_id`);--> statement-breakpoint
CREATE TABLE `user_role` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`granted_by` text NOT NULL,
	`granted_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "user_role_role_known" CHECK("user_role"."role" in ('supervisor', 'handler', 'verifier', 'leader', 'head', 'auditor', 'officer', 'administrator')),
	CONSTRAINT "user_role_ended_at_order" CHECK("user_role"."ended_at" >= "user_role"."granted_at")
);
--> statement-breakpoint
CREATE INDEX `user_role_by_user` ON `user_role` (`user_id`,`ended_at`);--> statement-breakpoint
CREATE TABLE `authority` (
	`id` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`subject` text NOT NULL,
	`common_name` text NOT NULL,
	`issuer` text NOT NULL,
	`serial` text NOT NULL,
	`key_sha256` text NOT NULL,
	`ski` text,
	`not_before` integer NOT NULL,
	`not_after` integer NOT NULL,
	`self_signed` integer NOT NULL,
	`trust` text NOT NULL,
	`origin` text NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	`decision_note` text,
	`revoked_at` integer,
	`revocation_evidence_id` text,
	`added_at` integer NOT NULL,
	FOREIGN KEY (`fingerprint`) REFERENCES `certificate_der`(`fingerprint`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "authority_self_signed_known" CHECK("authority"."self_signed" in (0, 1)),
	CONSTRAINT "authority_trust_known" CHECK("authority"."trust" in ('proposed', 'anchor', 'candidate', 'rejected'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `authority_by_fingerprint` ON `authority` (`fingerprint`);--> statement-breakpoint
CREATE INDEX `authority_by_key` ON `authority` (`key_sha256`);--> statement-breakpoint
CREATE INDEX `authority_by_trust` ON `authority` (`trust`);--> statement-breakpoint
CREATE TABLE `certificate` (
	`id` text PRIMARY KEY NOT NULL,
	`fingerprint` text,
	`authority_id` text,
	`issuer` text NOT NULL,
	`serial` text,
	`subject` text NOT NULL,
	`common_name` text NOT NULL,
	`organization` text DEFAULT '' NOT NULL,
	`not_before` integer,
	`not_after` integer,
	`not_after_text` text,
	`key_sha256` text,
	`key_algorithm` text,
	`key_bits` integer,
	`signature_algorithm` text,
	`use` text NOT NULL,
	`san` text DEFAULT '[]' NOT NULL,
	`key_usage` text,
	`eku` text,
	`policies` text,
	`crl_urls` text DEFAULT '[]' NOT NULL,
	`ocsp_urls` text DEFAULT '[]' NOT NULL,
	`ca_issuers` text DEFAULT '[]' NOT NULL,
	`holder_id` text,
	`agency_id` text,
	`chain` text DEFAULT 'incomplete' NOT NULL,
	`chain_rule` text,
	`chain_checked_at` integer,
	`revocation` text DEFAULT 'undetermined' NOT NULL,
	`revocation_reason` integer,
	`revoked_at` integer,
	`invalidity_at` integer,
	`revocation_seen_at` integer,
	`revocation_source` text DEFAULT 'none' NOT NULL,
	`evidence_id` text,
	`this_update` integer,
	`next_update` integer,
	`confirmed_at` integer,
	`fresh_until` integer,
	`superseded_by_id` text,
	`retired_at` integer,
	`archived_at` integer,
	`source` text NOT NULL,
	`import_id` text,
	`search_text` text DEFAULT '' NOT NULL,
	`added_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`fingerprint`) REFERENCES `certificate_der`(`fingerprint`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`authority_id`) REFERENCES `authority`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`holder_id`) REFERENCES `holder`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "certificate_use_known" CHECK("certificate"."use" in ('signature', 'email', 'document', 'tls_server', 'tls_client', 'other')),
	CONSTRAINT "certificate_chain_known" CHECK("certificate"."chain" in ('anchored', 'incomplete', 'untrusted', 'bad_signature', 'ca_revoked', 'ca_expired', 'ca_not_yet_valid', 'invalid_path')),
	CONSTRAINT "certificate_revocation_known" CHECK("certificate"."revocation" in ('good', 'revoked', 'on_hold', 'released', 'unknown', 'undetermined', 'not_checkable', 'not_applicable', 'conflict')),
	CONSTRAINT "certificate_revocation_source_known" CHECK("certificate"."revocation_source" in ('crl', 'ocsp', 'none')),
	CONSTRAINT "certificate_source_known" CHECK("certificate"."source" in ('file', 'sheet', 'form', 'pdf'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `certificate_by_fingerprint` ON `certificate` (`fingerprint`) WHERE "certificate"."fingerprint" is not null;--> statement-breakpoint
CREATE INDEX `certificate_by_serial` ON `certificate` (`serial`);--> statement-breakpoint
CREATE INDEX `certificate_by_end` ON `certificate` (`not_after`);--> statement-breakpoint
CREATE INDEX `certificate_by_agency` ON `certificate` (`agency_id`,`not_after`);--> statement-breakpoint
CREATE INDEX `certificate_by_holder` ON `certificate` (`holder_id`);--> statement-breakpoint
CREATE INDEX `certificate_by_authority` ON `certificate` (`authority_id`);--> statement-breakpoint
CREATE INDEX `certificate_by_key` ON `certificate` (`key_sha256`);--> statement-breakpoint
CREATE INDEX `certificate_by_evidence` ON `certificate` (`evidence_id`);--> statement-breakpoint
CREATE INDEX `certificate_by_successor` ON `certificate` (`superseded_by_id`);--> statement-breakpoint
CREATE INDEX `certificate_by_import` ON `certificate` (`import_id`);--> statement-breakpoint
CREATE INDEX `certificate_by_subject` ON `certificate` (`subject`,`use`);--> statement-breakpoint
CREATE TABLE `certificate_der` (
	`fingerprint` text PRIMARY KEY NOT NULL,
	`der` blob NOT NULL,
	`stored_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `certificate_mark` (
	`id` text PRIMARY KEY NOT NULL,
	`certificate_id` text NOT NULL,
	`kind` text NOT NULL,
	`ref` text NOT NULL,
	`at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "certificate_mark_kind_known" CHECK("certificate_mark"."kind" in ('open_incident', 'pending_revocation', 'mismatch', 'no_dossier')),
	CONSTRAINT "certificate_mark_ended_at_order" CHECK("certificate_mark"."ended_at" >= "certificate_mark"."at")
);
--> statement-breakpoint
CREATE INDEX `certificate_mark_by_certificate` ON `certificate_mark` (`certificate_id`,`ended_at`);--> statement-breakpoint
CREATE TABLE `daily_count` (
	`id` text PRIMARY KEY NOT NULL,
	`day` text NOT NULL,
	`agency_id` text,
	`label` text NOT NULL,
	`count` integer NOT NULL,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "daily_count_positive" CHECK("daily_count"."count" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `daily_count_by_day` ON `daily_count` (`day`,`agency_id`,`label`);--> statement-breakpoint
CREATE TABLE `holder` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`title_before` text DEFAULT '' NOT NULL,
	`title_after` text DEFAULT '' NOT NULL,
	`name_key` text NOT NULL,
	`nip` text,
	`email` text,
	`status` text NOT NULL,
	`status_since` text,
	`created_at` integer NOT NULL,
	CONSTRAINT "holder_kind_known" CHECK("holder"."kind" in ('person', 'entity', 'system')),
	CONSTRAINT "holder_status_known" CHECK("holder"."status" in ('active', 'moved', 'retired', 'deceased'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `holder_by_nip` ON `holder` (`nip`) WHERE "holder"."nip" is not null;--> statement-breakpoint
CREATE INDEX `holder_by_name` ON `holder` (`name_key`);--> statement-breakpoint
CREATE TABLE `import_entry` (
	`id` text PRIMARY KEY NOT NULL,
	`import_id` text NOT NULL,
	`seq` integer NOT NULL,
	`name` text NOT NULL,
	`outcome` text NOT NULL,
	`reason` text,
	`sha256` text,
	`certificates_new` integer DEFAULT 0 NOT NULL,
	`certificates_known` integer DEFAULT 0 NOT NULL,
	`certificate_id` text,
	FOREIGN KEY (`import_id`) REFERENCES `import_run`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "import_entry_outcome_known" CHECK("import_entry"."outcome" in ('added', 'completed', 'duplicate', 'no_certificate', 'unreadable', 'rejected'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `import_entry_by_seq` ON `import_entry` (`import_id`,`seq`);--> statement-breakpoint
CREATE INDEX `import_entry_by_outcome` ON `import_entry` (`import_id`,`outcome`);--> statement-breakpoint
CREATE TABLE `import_file` (
	`id` text PRIMARY KEY NOT NULL,
	`import_id` text NOT NULL,
	`seq` integer NOT NULL,
	`name` text NOT NULL,
	`sha256` text NOT NULL,
	`size` integer NOT NULL,
	FOREIGN KEY (`import_id`) REFERENCES `import_run`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `import_file_by_seq` ON `import_file` (`import_id`,`seq`);--> statement-breakpoint
CREATE TABLE `import_run` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`agency_id` text,
	`state` text NOT NULL,
	`total` integer DEFAULT 0 NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`message` text,
	`requested_by` text NOT NULL,
	`requested_at` integer NOT NULL,
	`finished_at` integer,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "import_run_kind_known" CHECK("import_run"."kind" in ('certificates', 'certificate_sheet', 'personnel')),
	CONSTRAINT "import_run_state_known" CHECK("import_run"."state" in ('requested', 'running', 'done', 'failed', 'voided')),
	CONSTRAINT "import_run_finished_at_order" CHECK("import_run"."finished_at" >= "import_run"."requested_at"),
	CONSTRAINT "import_run_progress" CHECK("import_run"."done" between 0 and "import_run"."total")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `import_run_by_number` ON `import_run` (`number`);--> statement-breakpoint
CREATE INDEX `import_run_by_state` ON `import_run` (`state`,`requested_at`);--> statement-breakpoint
CREATE TABLE `ownership` (
	`id` text PRIMARY KEY NOT NULL,
	`certificate_id` text NOT NULL,
	`holder_id` text,
	`agency_id` text,
	`from` integer NOT NULL,
	`to` integer,
	`why` text NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`holder_id`) REFERENCES `holder`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "ownership_to_order" CHECK("ownership"."to" >= "ownership"."from")
);
--> statement-breakpoint
CREATE INDEX `ownership_by_certificate` ON `ownership` (`certificate_id`,`to`);--> statement-breakpoint
CREATE TABLE `position` (
	`id` text PRIMARY KEY NOT NULL,
	`holder_id` text NOT NULL,
	`agency_id` text NOT NULL,
	`title` text NOT NULL,
	`from` text NOT NULL,
	`to` text,
	`source` text NOT NULL,
	FOREIGN KEY (`holder_id`) REFERENCES `holder`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "position_to_order" CHECK("position"."to" >= "position"."from")
);
--> statement-breakpoint
CREATE INDEX `position_by_holder` ON `position` (`holder_id`,`to`);--> statement-breakpoint
CREATE INDEX `position_by_agency` ON `position` (`agency_id`,`to`);--> statement-breakpoint
CREATE TABLE `problem` (
	`id` text PRIMARY KEY NOT NULL,
	`certificate_id` text NOT NULL,
	`rule` text NOT NULL,
	`severity` text NOT NULL,
	`detail` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "problem_severity_known" CHECK("problem"."severity" in ('info', 'warning', 'serious', 'critical')),
	CONSTRAINT "problem_ended_at_order" CHECK("problem"."ended_at" >= "problem"."first_seen_at")
);
--> statement-breakpoint
CREATE INDEX `problem_by_certificate` ON `problem` (`certificate_id`,`ended_at`);--> statement-breakpoint
CREATE INDEX `problem_by_rule` ON `problem` (`rule`,`ended_at`);--> statement-breakpoint
CREATE TABLE `status_event` (
	`id` text PRIMARY KEY NOT NULL,
	`certificate_id` text NOT NULL,
	`at` integer NOT NULL,
	`facet` text NOT NULL,
	`from` text NOT NULL,
	`to` text NOT NULL,
	`detail` text NOT NULL,
	`evidence_id` text,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "status_event_facet_known" CHECK("status_event"."facet" in ('chain', 'revocation', 'lifecycle'))
);
--> statement-breakpoint
CREATE INDEX `status_event_by_certificate` ON `status_event` (`certificate_id`,`at`);--> statement-breakpoint
CREATE TABLE `evaluation_answer` (
	`id` text PRIMARY KEY NOT NULL,
	`sheet_id` text NOT NULL,
	`criterion` text NOT NULL,
	`measure_id` text,
	`agrees` integer NOT NULL,
	`text` text NOT NULL,
	`file_sha256` text,
	`file_name` text,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`sheet_id`) REFERENCES `evaluation_sheet`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`measure_id`) REFERENCES `evaluation_measure`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "evaluation_answer_agrees_known" CHECK("evaluation_answer"."agrees" in (0, 1))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `evaluation_answer_current` ON `evaluation_answer` (`sheet_id`,`criterion`) WHERE "evaluation_answer"."ended_at" is null;--> statement-breakpoint
CREATE TABLE `evaluation_judgement` (
	`id` text PRIMARY KEY NOT NULL,
	`sheet_id` text NOT NULL,
	`criterion` text NOT NULL,
	`measure_id` text,
	`basis_hash` text NOT NULL,
	`old_result` text NOT NULL,
	`result` text NOT NULL,
	`remark` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`sheet_id`) REFERENCES `evaluation_sheet`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`measure_id`) REFERENCES `evaluation_measure`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "evaluation_judgement_result_known" CHECK("evaluation_judgement"."result" in ('conform', 'partial', 'nonconform', 'not_applicable', 'unknown'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `evaluation_judgement_current` ON `evaluation_judgement` (`sheet_id`,`criterion`) WHERE "evaluation_judgement"."ended_at" is null;--> statement-breakpoint
CREATE TABLE `evaluation_measure` (
	`id` text PRIMARY KEY NOT NULL,
	`sheet_id` text NOT NULL,
	`criterion` text NOT NULL,
	`numerator` integer NOT NULL,
	`denominator` integer NOT NULL,
	`value` integer,
	`result` text NOT NULL,
	`rows_hash` text NOT NULL,
	`misses` text NOT NULL,
	`collected_at` integer NOT NULL,
	`as_of_size` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`sheet_id`) REFERENCES `evaluation_sheet`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "evaluation_measure_result_known" CHECK("evaluation_measure"."result" in ('conform', 'partial', 'nonconform', 'not_applicable', 'unknown')),
	CONSTRAINT "evaluation_measure_ended_at_order" CHECK("evaluation_measure"."ended_at" >= "evaluation_measure"."collected_at"),
	CONSTRAINT "evaluation_measure_counts" CHECK("evaluation_measure"."numerator" between 0 and "evaluation_measure"."denominator"),
	CONSTRAINT "evaluation_measure_value" CHECK("evaluation_measure"."value" is null or "evaluation_measure"."value" between 0 and 10000)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `evaluation_measure_current` ON `evaluation_measure` (`sheet_id`,`criterion`) WHERE "evaluation_measure"."ended_at" is null;--> statement-breakpoint
CREATE INDEX `evaluation_measure_history` ON `evaluation_measure` (`sheet_id`,`criterion`,`collected_at`);--> statement-breakpoint
CREATE TABLE `evaluation_round` (
	`id` text PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`period` text NOT NULL,
	`kind` text NOT NULL,
	`title` text NOT NULL,
	`reason` text NOT NULL,
	`criteria_version` integer NOT NULL,
	`opened_at` integer NOT NULL,
	`opened_by` text NOT NULL,
	`answer_due` text NOT NULL,
	`collected_at` integer,
	`close_proposed_at` integer,
	`close_proposed_by` text,
	`closed_at` integer,
	`closed_by` text,
	CONSTRAINT "evaluation_round_kind_known" CHECK("evaluation_round"."kind" in ('routine', 'incidental')),
	CONSTRAINT "evaluation_round_collected_at_order" CHECK("evaluation_round"."collected_at" >= "evaluation_round"."opened_at"),
	CONSTRAINT "evaluation_round_close_proposed_at_order" CHECK("evaluation_round"."close_proposed_at" >= "evaluation_round"."opened_at"),
	CONSTRAINT "evaluation_round_closed_at_order" CHECK("evaluation_round"."closed_at" >= "evaluation_round"."close_proposed_at"),
	CONSTRAINT "evaluation_round_four_eyes" CHECK("evaluation_round"."closed_by" is null or "evaluation_round"."closed_by" <> "evaluation_round"."close_proposed_by")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `evaluation_round_by_code` ON `evaluation_round` (`code`);--> statement-breakpoint
CREATE UNIQUE INDEX `evaluation_round_one_routine` ON `evaluation_round` (`period`) WHERE "evaluation_round"."kind" = 'routine';--> statement-breakpoint
CREATE TABLE `evaluation_sheet` (
	`id` text PRIMARY KEY NOT NULL,
	`round_id` text NOT NULL,
	`agency_id` text NOT NULL,
	`answered_at` integer,
	`answered_by` text,
	`reviewed_at` integer,
	`reviewed_by` text,
	`remark` text DEFAULT '' NOT NULL,
	`reply_due` text,
	`replied_at` integer,
	`replied_by` text,
	`reply_accepts` integer,
	`reply` text,
	`reply_answer` text,
	`reply_answered_at` integer,
	`reply_answered_by` text,
	FOREIGN KEY (`round_id`) REFERENCES `evaluation_round`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "evaluation_sheet_reply_accepts_known" CHECK("evaluation_sheet"."reply_accepts" in (0, 1))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `evaluation_sheet_by_agency` ON `evaluation_sheet` (`round_id`,`agency_id`);--> statement-breakpoint
CREATE INDEX `evaluation_sheet_history` ON `evaluation_sheet` (`agency_id`,`round_id`);--> statement-breakpoint
CREATE TABLE `evaluation_waiver` (
	`id` text PRIMARY KEY NOT NULL,
	`round_id` text NOT NULL,
	`rule` text NOT NULL,
	`count` integer NOT NULL,
	`reason` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`round_id`) REFERENCES `evaluation_round`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `evaluation_waiver_by_rule` ON `evaluation_waiver` (`round_id`,`rule`);--> statement-breakpoint
CREATE TABLE `finding` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`agency_id` text NOT NULL,
	`round_id` text,
	`proposal_id` text,
	`criterion` text,
	`title` text NOT NULL,
	`standard` text NOT NULL,
	`condition` text NOT NULL,
	`cause` text NOT NULL,
	`effect` text NOT NULL,
	`risk` text NOT NULL,
	`recommendation` text NOT NULL,
	`success_measure` text NOT NULL,
	`due_on` text NOT NULL,
	`rows` text NOT NULL,
	`regression_of` text,
	`adopted_at` integer NOT NULL,
	`adopted_by` text NOT NULL,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`round_id`) REFERENCES `evaluation_round`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`proposal_id`) REFERENCES `finding_proposal`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "finding_risk_known" CHECK("finding"."risk" in ('low', 'medium', 'high'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `finding_by_number` ON `finding` (`number`);--> statement-breakpoint
CREATE INDEX `finding_by_agency` ON `finding` (`agency_id`,`adopted_at`);--> statement-breakpoint
CREATE INDEX `finding_by_round` ON `finding` (`round_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `finding_by_proposal` ON `finding` (`proposal_id`) WHERE "finding"."proposal_id" is not null;--> statement-breakpoint
CREATE TABLE `finding_proposal` (
	`id` text PRIMARY KEY NOT NULL,
	`agency_id` text NOT NULL,
	`source_room` text NOT NULL,
	`source_id` text NOT NULL,
	`rule` text NOT NULL,
	`criterion` text,
	`title` text NOT NULL,
	`condition` text NOT NULL,
	`rows` text NOT NULL,
	`raised_at` integer NOT NULL,
	`ended_at` integer,
	`decision` text,
	`decided_by` text,
	`decided_at` integer,
	`reason` text,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "finding_proposal_decision_known" CHECK("finding_proposal"."decision" in ('adopted', 'dismissed')),
	CONSTRAINT "finding_proposal_decided_at_order" CHECK("finding_proposal"."decided_at" >= "finding_proposal"."raised_at"),
	CONSTRAINT "finding_proposal_whole" CHECK(("finding_proposal"."decision" is null) = ("finding_proposal"."decided_at" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `finding_proposal_once` ON `finding_proposal` (`source_room`,`source_id`,`agency_id`,`rule`);--> statement-breakpoint
CREATE INDEX `finding_proposal_open` ON `finding_proposal` (`decision`,`ended_at`);--> statement-breakpoint
CREATE TABLE `finding_step` (
	`id` text PRIMARY KEY NOT NULL,
	`finding_id` text NOT NULL,
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`text` text NOT NULL,
	`due_on` text,
	`code` integer,
	`ground` text,
	`file_sha256` text,
	`file_name` text,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`finding_id`) REFERENCES `finding`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "finding_step_kind_known" CHECK("finding_step"."kind" in ('planned', 'progressed', 'submitted', 'returned', 'extension_asked', 'extension_granted', 'extension_refused', 'closed', 'effective', 'ineffective')),
	CONSTRAINT "finding_step_ground_known" CHECK("finding_step"."ground" in ('force_majeure', 'court', 'not_effective')),
	CONSTRAINT "finding_step_code" CHECK("finding_step"."code" is null or "finding_step"."code" between 1 and 4)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `finding_step_by_seq` ON `finding_step` (`finding_id`,`seq`);--> statement-breakpoint
CREATE TABLE `file` (
	`sha256` text PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`media_type` text NOT NULL,
	`stored_at` integer NOT NULL,
	`stored_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `incident_assessment` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`impact` integer NOT NULL,
	`urgency` integer NOT NULL,
	`high_office` integer NOT NULL,
	`reason` text,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "incident_assessment_high_office_known" CHECK("incident_assessment"."high_office" in (0, 1)),
	CONSTRAINT "assessment_range" CHECK("incident_assessment"."impact" between 1 and 4 and "incident_assessment"."urgency" between 1 and 4)
);
--> statement-breakpoint
CREATE INDEX `incident_assessment_by_incident` ON `incident_assessment` (`incident_id`,`at`);--> statement-breakpoint
CREATE TABLE `incident_assignment` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`user_id` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `incident_assignment_by_incident` ON `incident_assignment` (`incident_id`,`at`);--> statement-breakpoint
CREATE INDEX `incident_assignment_by_user` ON `incident_assignment` (`user_id`);--> statement-breakpoint
CREATE TABLE `chronology` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`at` integer NOT NULL,
	`precision` text NOT NULL,
	`text` text NOT NULL,
	`corrects` text,
	`reason` text,
	`entered_by` text NOT NULL,
	`entered_at` integer NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "chronology_precision_known" CHECK("chronology"."precision" in ('minute', 'hour', 'day'))
);
--> statement-breakpoint
CREATE INDEX `chronology_by_incident` ON `chronology` (`incident_id`,`at`);--> statement-breakpoint
CREATE TABLE `clock_step` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`clock` text NOT NULL,
	`step` integer NOT NULL,
	`collapsed` integer NOT NULL,
	`fired_at` integer NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "clock_step_collapsed_known" CHECK("clock_step"."collapsed" in (0, 1))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `clock_step_once` ON `clock_step` (`clock`,`step`);--> statement-breakpoint
CREATE INDEX `clock_step_by_incident` ON `clock_step` (`incident_id`);--> statement-breakpoint
CREATE TABLE `custody_event` (
	`id` text PRIMARY KEY NOT NULL,
	`evidence_id` text NOT NULL,
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`reason` text DEFAULT '' NOT NULL,
	`measured` text NOT NULL,
	`previous` text NOT NULL,
	`hash` text NOT NULL,
	FOREIGN KEY (`evidence_id`) REFERENCES `incident_evidence`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "custody_event_kind_known" CHECK("custody_event"."kind" in ('collected', 'downloaded', 'sent', 'rehashed'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `custody_event_by_seq` ON `custody_event` (`evidence_id`,`seq`);--> statement-breakpoint
CREATE TABLE `duty_shift` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`phone` text NOT NULL,
	`user_id` text,
	`from` integer NOT NULL,
	`to` integer NOT NULL,
	`cancelled_at` integer,
	`entered_by` text NOT NULL,
	`entered_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "duty_shift_order" CHECK("duty_shift"."to" > "duty_shift"."from")
);
--> statement-breakpoint
CREATE INDEX `duty_shift_by_time` ON `duty_shift` (`from`,`to`);--> statement-breakpoint
CREATE TABLE `incident` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`title` text NOT NULL,
	`type` text NOT NULL,
	`clause` text,
	`agency_id` text NOT NULL,
	`description` text NOT NULL,
	`opened_at` integer NOT NULL,
	`opened_by` text NOT NULL,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "incident_type_known" CHECK("incident"."type" in ('key_lost', 'passphrase_leaked', 'key_damaged', 'key_inaccessible', 'misuse', 'authentication_dispute', 'authenticity_dispute', 'repudiation', 'other')),
	CONSTRAINT "incident_clause_known" CHECK("incident"."clause" in ('a', 'b'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `incident_by_number` ON `incident` (`number`);--> statement-breakpoint
CREATE INDEX `incident_by_agency` ON `incident` (`agency_id`,`opened_at`);--> statement-breakpoint
CREATE INDEX `incident_by_opening` ON `incident` (`opened_at`);--> statement-breakpoint
CREATE TABLE `incident_certificate` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`certificate_id` text NOT NULL,
	`linked_at` integer NOT NULL,
	`linked_by` text NOT NULL,
	`unlinked_at` integer,
	`unlink_reason` text,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "incident_certificate_unlinked_at_order" CHECK("incident_certificate"."unlinked_at" >= "incident_certificate"."linked_at")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `incident_certificate_once` ON `incident_certificate` (`incident_id`,`certificate_id`) WHERE "incident_certificate"."unlinked_at" is null;--> statement-breakpoint
CREATE INDEX `incident_certificate_by_certificate` ON `incident_certificate` (`certificate_id`);--> statement-breakpoint
CREATE TABLE `incident_evidence` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`sha256` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`added_at` integer NOT NULL,
	`added_by` text NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`sha256`) REFERENCES `file`(`sha256`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `incident_evidence_by_incident` ON `incident_evidence` (`incident_id`,`added_at`);--> statement-breakpoint
CREATE TABLE `incident_stamp` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`zone` text DEFAULT 'Asia/Jakarta' NOT NULL,
	`precision` text NOT NULL,
	`source` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`reason` text,
	`corrects` text,
	`entered_by` text NOT NULL,
	`entered_at` integer NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "incident_stamp_kind_known" CHECK("incident_stamp"."kind" in ('detected', 'known', 'reported', 'owner_called', 'account_held', 'preserved', 'recovered', 'reporter_informed')),
	CONSTRAINT "incident_stamp_precision_known" CHECK("incident_stamp"."precision" in ('minute', 'hour', 'day')),
	CONSTRAINT "incident_stamp_source_known" CHECK("incident_stamp"."source" in ('typed', 'system', 'document'))
);
--> statement-breakpoint
CREATE INDEX `incident_stamp_by_incident` ON `incident_stamp` (`incident_id`,`kind`,`entered_at`);--> statement-breakpoint
CREATE TABLE `intake` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`token_hash` text NOT NULL,
	`kind` text NOT NULL,
	`owner_name` text NOT NULL,
	`agency_id` text,
	`agency_text` text NOT NULL,
	`reporter_name` text NOT NULL,
	`phone` text NOT NULL,
	`email` text NOT NULL,
	`story` text NOT NULL,
	`detected_at` integer NOT NULL,
	`precision` text NOT NULL,
	`received_at` integer NOT NULL,
	`channel` text NOT NULL,
	`certificate_id` text,
	`entered_by` text NOT NULL,
	`outcome` text,
	`outcome_at` integer,
	`outcome_by` text,
	`outcome_reason` text,
	`incident_id` text,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "intake_kind_known" CHECK("intake"."kind" in ('device_lost', 'passphrase_known', 'cannot_sign', 'foreign_signature', 'declared_invalid', 'other')),
	CONSTRAINT "intake_precision_known" CHECK("intake"."precision" in ('minute', 'hour', 'day')),
	CONSTRAINT "intake_channel_known" CHECK("intake"."channel" in ('public', 'account', 'phone')),
	CONSTRAINT "intake_outcome_known" CHECK("intake"."outcome" in ('promoted', 'merged', 'not_incident')),
	CONSTRAINT "intake_outcome_at_order" CHECK("intake"."outcome_at" >= "intake"."received_at"),
	CONSTRAINT "intake_outcome_whole" CHECK(("intake"."outcome" is null) = ("intake"."outcome_at" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `intake_by_number` ON `intake` (`number`);--> statement-breakpoint
CREATE UNIQUE INDEX `intake_by_token` ON `intake` (`token_hash`);--> statement-breakpoint
CREATE INDEX `intake_by_outcome` ON `intake` (`outcome`,`received_at`);--> statement-breakpoint
CREATE INDEX `intake_by_incident` ON `intake` (`incident_id`);--> statement-breakpoint
CREATE INDEX `intake_by_agency` ON `intake` (`agency_id`,`received_at`);--> statement-breakpoint
CREATE TABLE `letter` (
	`id` text PRIMARY KEY NOT NULL,
	`obligation_id` text NOT NULL,
	`version` integer NOT NULL,
	`supersedes_id` text,
	`number` text NOT NULL,
	`date` text NOT NULL,
	`content` text NOT NULL,
	`author` text NOT NULL,
	`created_at` integer NOT NULL,
	`edited_at` integer NOT NULL,
	`approved_by` text,
	`approved_at` integer,
	`delegation` text,
	`locked_at` integer,
	`content_hash` text,
	`pdf_sha256` text,
	`withdrawn_at` integer,
	FOREIGN KEY (`obligation_id`) REFERENCES `obligation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`pdf_sha256`) REFERENCES `file`(`sha256`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "letter_approved_at_order" CHECK("letter"."approved_at" >= "letter"."created_at"),
	CONSTRAINT "letter_locked_at_order" CHECK("letter"."locked_at" >= "letter"."created_at"),
	CONSTRAINT "letter_second_person" CHECK("letter"."approved_by" is null or "letter"."approved_by" <> "letter"."author"),
	CONSTRAINT "letter_locked_whole" CHECK(("letter"."locked_at" is null) = ("letter"."pdf_sha256" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `letter_version` ON `letter` (`obligation_id`,`version`);--> statement-breakpoint
CREATE TABLE `obligation` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`party` text NOT NULL,
	`stage` text NOT NULL,
	`basis` text NOT NULL,
	`legal_text` text NOT NULL,
	`budget` integer NOT NULL,
	`budget_source` text NOT NULL,
	`start_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`born_at` integer NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "obligation_party_known" CHECK("obligation"."party" in ('bssn', 'bsre')),
	CONSTRAINT "obligation_stage_known" CHECK("obligation"."stage" in ('early_notice', 'technical_help')),
	CONSTRAINT "obligation_budget" CHECK("obligation"."budget" > 0),
	CONSTRAINT "obligation_order" CHECK("obligation"."due_at" >= "obligation"."start_at")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `obligation_once` ON `obligation` (`incident_id`,`party`,`stage`);--> statement-breakpoint
CREATE INDEX `obligation_by_due` ON `obligation` (`due_at`);--> statement-breakpoint
CREATE TABLE `obligation_decision` (
	`id` text PRIMARY KEY NOT NULL,
	`obligation_id` text NOT NULL,
	`reason` text NOT NULL,
	`proposed_by` text NOT NULL,
	`proposed_at` integer NOT NULL,
	`outcome` text,
	`decided_by` text,
	`decided_at` integer,
	FOREIGN KEY (`obligation_id`) REFERENCES `obligation`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "obligation_decision_outcome_known" CHECK("obligation_decision"."outcome" in ('confirmed', 'refused')),
	CONSTRAINT "obligation_decision_decided_at_order" CHECK("obligation_decision"."decided_at" >= "obligation_decision"."proposed_at"),
	CONSTRAINT "obligation_decision_whole" CHECK(("obligation_decision"."outcome" is null) = ("obligation_decision"."decided_at" is null)),
	CONSTRAINT "second_person" CHECK("obligation_decision"."decided_by" is null or "obligation_decision"."decided_by" <> "obligation_decision"."proposed_by")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `obligation_decision_open` ON `obligation_decision` (`obligation_id`) WHERE "obligation_decision"."outcome" is null or "obligation_decision"."outcome" = 'confirmed';--> statement-breakpoint
CREATE INDEX `obligation_decision_by_obligation` ON `obligation_decision` (`obligation_id`);--> statement-breakpoint
CREATE TABLE `obligation_rebase` (
	`id` text PRIMARY KEY NOT NULL,
	`obligation_id` text NOT NULL,
	`old_start` integer NOT NULL,
	`old_due` integer NOT NULL,
	`new_start` integer NOT NULL,
	`new_due` integer NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`obligation_id`) REFERENCES `obligation`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "obligation_rebase_new_due_order" CHECK("obligation_rebase"."new_due" >= "obligation_rebase"."new_start")
);
--> statement-breakpoint
CREATE INDEX `obligation_rebase_by_obligation` ON `obligation_rebase` (`obligation_id`,`at`);--> statement-breakpoint
CREATE TABLE `receipt` (
	`id` text PRIMARY KEY NOT NULL,
	`obligation_id` text NOT NULL,
	`letter_id` text,
	`grade` integer NOT NULL,
	`at` integer NOT NULL,
	`authority_number` text NOT NULL,
	`person` text DEFAULT '' NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`evidence_id` text,
	`by` text NOT NULL,
	`entered_at` integer NOT NULL,
	FOREIGN KEY (`obligation_id`) REFERENCES `obligation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`letter_id`) REFERENCES `letter`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "receipt_grade" CHECK("receipt"."grade" between 3 and 5)
);
--> statement-breakpoint
CREATE INDEX `receipt_by_obligation` ON `receipt` (`obligation_id`,`at`);--> statement-breakpoint
CREATE TABLE `incident_review` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`version` integer NOT NULL,
	`root_cause` text NOT NULL,
	`cause_kind` text NOT NULL,
	`outcome` text NOT NULL,
	`lessons` text NOT NULL,
	`actions` text NOT NULL,
	`written_by` text NOT NULL,
	`written_at` integer NOT NULL,
	`approved_by` text,
	`approved_at` integer,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "incident_review_cause_kind_known" CHECK("incident_review"."cause_kind" in ('human', 'malicious', 'system', 'third_party', 'nature', 'unknown')),
	CONSTRAINT "incident_review_outcome_known" CHECK("incident_review"."outcome" in ('revoked_replaced', 'revoked', 'access_restored', 'proven', 'not_proven', 'settled')),
	CONSTRAINT "incident_review_approved_at_order" CHECK("incident_review"."approved_at" >= "incident_review"."written_at"),
	CONSTRAINT "review_second_person" CHECK("incident_review"."approved_by" is null or "incident_review"."approved_by" <> "incident_review"."written_by")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `incident_review_version` ON `incident_review` (`incident_id`,`version`);--> statement-breakpoint
CREATE TABLE `revocation_request` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`certificate_id` text NOT NULL,
	`reason` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "revocation_request_reason_known" CHECK("revocation_request"."reason" in ('KEY_LOST', 'KEY_LEAKED', 'KEY_DAMAGED', 'MISUSE_SUSPECTED', 'DATA_ERROR', 'TRANSFER', 'RETIREMENT', 'DECEASED', 'REPLACED', 'AGREEMENT_BREACH', 'OTHER'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `revocation_request_once` ON `revocation_request` (`incident_id`,`certificate_id`);--> statement-breakpoint
CREATE INDEX `revocation_request_by_certificate` ON `revocation_request` (`certificate_id`);--> statement-breakpoint
CREATE TABLE `revocation_step` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`number` text DEFAULT '' NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`evidence_id` text,
	`entered_by` text NOT NULL,
	`entered_at` integer NOT NULL,
	FOREIGN KEY (`request_id`) REFERENCES `revocation_request`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "revocation_step_kind_known" CHECK("revocation_step"."kind" in ('requested', 'forwarded', 'received', 'seen', 'exception'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `revocation_step_once` ON `revocation_step` (`request_id`,`kind`);--> statement-breakpoint
CREATE TABLE `transmission` (
	`id` text PRIMARY KEY NOT NULL,
	`obligation_id` text NOT NULL,
	`letter_id` text,
	`channel` text NOT NULL,
	`at` integer NOT NULL,
	`address` text NOT NULL,
	`person` text DEFAULT '' NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`message_id` text,
	`evidence_id` text,
	`by` text NOT NULL,
	`entered_at` integer NOT NULL,
	FOREIGN KEY (`obligation_id`) REFERENCES `obligation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`letter_id`) REFERENCES `letter`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`message_id`) REFERENCES `message`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "transmission_channel_known" CHECK("transmission"."channel" in ('email', 'courier', 'portal', 'phone'))
);
--> statement-breakpoint
CREATE INDEX `transmission_by_obligation` ON `transmission` (`obligation_id`,`at`);--> statement-breakpoint
CREATE INDEX `transmission_by_letter` ON `transmission` (`letter_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `transmission_by_message` ON `transmission` (`message_id`) WHERE "transmission"."message_id" is not null;--> statement-breakpoint
CREATE TABLE `incident_verdict` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`kind` text NOT NULL,
	`into_id` text,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`into_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "incident_verdict_kind_known" CHECK("incident_verdict"."kind" in ('closed', 'reopened', 'not_incident', 'duplicate'))
);
--> statement-breakpoint
CREATE INDEX `incident_verdict_by_incident` ON `incident_verdict` (`incident_id`,`at`);--> statement-breakpoint
CREATE TABLE `backup_run` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`at` integer NOT NULL,
	`ok` integer NOT NULL,
	`message` text NOT NULL,
	`bytes` integer NOT NULL,
	`files` integer NOT NULL,
	`audit_size` integer NOT NULL,
	`audit_root` text NOT NULL,
	CONSTRAINT "backup_run_ok_known" CHECK("backup_run"."ok" in (0, 1))
);
--> statement-breakpoint
CREATE INDEX `backup_run_by_time` ON `backup_run` (`at`);--> statement-breakpoint
CREATE TABLE `heartbeat` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`pid` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `job_lease` (
	`name` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`until` integer NOT NULL,
	`token` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `job_request` (
	`name` text PRIMARY KEY NOT NULL,
	`requested_by` text NOT NULL,
	`requested_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `job_run` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`ok` integer,
	`message` text,
	CONSTRAINT "job_run_ok_known" CHECK("job_run"."ok" in (0, 1))
);
--> statement-breakpoint
CREATE INDEX `job_run_by_name` ON `job_run` (`name`,`started_at`);--> statement-breakpoint
CREATE TABLE `alert` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`certificate_id` text,
	`authority_id` text,
	`source_id` text,
	`urgency` text NOT NULL,
	`severity` text NOT NULL,
	`detail` text NOT NULL,
	`raised_at` integer NOT NULL,
	`renewed_at` integer NOT NULL,
	`acknowledged_at` integer,
	`acknowledged_by` text,
	`acknowledged_why` text,
	`snoozed_until` integer,
	`settled_at` integer,
	`settled_why` text,
	`signal_id` text,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`authority_id`) REFERENCES `authority`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`source_id`) REFERENCES `revocation_source`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "alert_kind_known" CHECK("alert"."kind" in ('expiry', 'authority_expiry', 'revoked', 'on_hold', 'early_removal', 'conflict', 'non_issued', 'source_failing', 'source_stale', 'source_suspect', 'authority_revoked')),
	CONSTRAINT "alert_urgency_known" CHECK("alert"."urgency" in ('digest', 'immediate')),
	CONSTRAINT "alert_severity_known" CHECK("alert"."severity" in ('info', 'warning', 'serious', 'critical')),
	CONSTRAINT "alert_settled_why_known" CHECK("alert"."settled_why" in ('renewed', 'revoked', 'expired_history', 'recovered', 'retired', 'handled', 'released')),
	CONSTRAINT "alert_renewed_at_order" CHECK("alert"."renewed_at" >= "alert"."raised_at"),
	CONSTRAINT "alert_acknowledged_at_order" CHECK("alert"."acknowledged_at" >= "alert"."raised_at"),
	CONSTRAINT "alert_settled_at_order" CHECK("alert"."settled_at" >= "alert"."raised_at"),
	CONSTRAINT "alert_one_subject" CHECK(("alert"."certificate_id" is not null) + ("alert"."authority_id" is not null) + ("alert"."source_id" is not null) = 1)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alert_open_by_certificate` ON `alert` (`kind`,`certificate_id`) WHERE "alert"."settled_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `alert_open_by_authority` ON `alert` (`kind`,`authority_id`) WHERE "alert"."settled_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `alert_open_by_source` ON `alert` (`kind`,`source_id`) WHERE "alert"."settled_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `alert_by_signal` ON `alert` (`signal_id`) WHERE "alert"."signal_id" is not null;--> statement-breakpoint
CREATE INDEX `alert_open` ON `alert` (`settled_at`,`raised_at`);--> statement-breakpoint
CREATE INDEX `alert_by_certificate` ON `alert` (`certificate_id`);--> statement-breakpoint
CREATE TABLE `alert_notice` (
	`id` text PRIMARY KEY NOT NULL,
	`alert_id` text NOT NULL,
	`renewal` integer NOT NULL,
	`person` text NOT NULL,
	`lane` text NOT NULL,
	`message_key` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`alert_id`) REFERENCES `alert`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "alert_notice_lane_known" CHECK("alert_notice"."lane" in ('digest', 'immediate'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alert_notice_once` ON `alert_notice` (`alert_id`,`renewal`,`person`);--> statement-breakpoint
CREATE INDEX `alert_notice_by_message` ON `alert_notice` (`message_key`);--> statement-breakpoint
CREATE TABLE `rung` (
	`id` text PRIMARY KEY NOT NULL,
	`subject` text NOT NULL,
	`profile` text NOT NULL,
	`step` integer NOT NULL,
	`outcome` text NOT NULL,
	`at` integer NOT NULL,
	CONSTRAINT "rung_profile_known" CHECK("rung"."profile" in ('signer', 'tls', 'authority', 'crl')),
	CONSTRAINT "rung_outcome_known" CHECK("rung"."outcome" in ('fired', 'collapsed', 'suppressed', 'history'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rung_once` ON `rung` (`subject`,`profile`,`step`);--> statement-breakpoint
CREATE TABLE `message` (
	`id` text PRIMARY KEY NOT NULL,
	`idempotency_key` text NOT NULL,
	`channel` text NOT NULL,
	`lane` text NOT NULL,
	`subject_kind` text NOT NULL,
	`subject_ref` text NOT NULL,
	`recipient` text NOT NULL,
	`subject` text NOT NULL,
	`body` text NOT NULL,
	`attachments` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_at` integer NOT NULL,
	`lease_until` integer,
	`queued_at` integer NOT NULL,
	`sent_at` integer,
	`remote_reply` text,
	`message_id` text NOT NULL,
	CONSTRAINT "message_channel_known" CHECK("message"."channel" in ('email')),
	CONSTRAINT "message_lane_known" CHECK("message"."lane" in ('test', 'letter', 'alert', 'link', 'notice')),
	CONSTRAINT "message_state_known" CHECK("message"."state" in ('held', 'queued', 'sent', 'failed', 'cancelled')),
	CONSTRAINT "message_sent_at_order" CHECK("message"."sent_at" >= "message"."queued_at"),
	CONSTRAINT "message_sent_whole" CHECK(("message"."state" = 'sent') = ("message"."sent_at" is not null)),
	CONSTRAINT "message_attempts" CHECK("message"."attempts" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `message_by_key` ON `message` (`idempotency_key`);--> statement-breakpoint
CREATE INDEX `message_by_state` ON `message` (`state`,`next_at`,`queued_at`);--> statement-breakpoint
CREATE INDEX `message_by_subject` ON `message` (`subject_kind`,`subject_ref`);--> statement-breakpoint
CREATE TABLE `message_attempt` (
	`id` text PRIMARY KEY NOT NULL,
	`message_id` text NOT NULL,
	`at` integer NOT NULL,
	`result` text NOT NULL,
	`reply` text NOT NULL,
	FOREIGN KEY (`message_id`) REFERENCES `message`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "message_attempt_result_known" CHECK("message_attempt"."result" in ('sent', 'transient', 'permanent', 'uncertain'))
);
--> statement-breakpoint
CREATE INDEX `message_attempt_by_message` ON `message_attempt` (`message_id`,`at`);--> statement-breakpoint
CREATE TABLE `figure` (
	`id` text PRIMARY KEY NOT NULL,
	`snapshot_id` text NOT NULL,
	`code` text NOT NULL,
	`version` integer NOT NULL,
	`value` integer,
	`numerator` integer,
	`denominator` integer,
	`row_count` integer NOT NULL,
	`row_set_hash` text NOT NULL,
	FOREIGN KEY (`snapshot_id`) REFERENCES `snapshot`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `figure_by_code` ON `figure` (`snapshot_id`,`code`);--> statement-breakpoint
CREATE TABLE `prepared_brief` (
	`id` integer PRIMARY KEY NOT NULL,
	`rows_hash` text NOT NULL,
	`day` text NOT NULL,
	`state_at` integer NOT NULL,
	`sha256` text NOT NULL,
	FOREIGN KEY (`sha256`) REFERENCES `file`(`sha256`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `report` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`kind` text NOT NULL,
	`period` text NOT NULL,
	`version` integer NOT NULL,
	`snapshot_id` text,
	`state` text NOT NULL,
	`progress` integer DEFAULT 0 NOT NULL,
	`message` text,
	`narrative` text NOT NULL,
	`letter_number` text DEFAULT '' NOT NULL,
	`content_hash` text,
	`draft_sha256` text,
	`pdf_sha256` text,
	`supersedes_id` text,
	`reason` text DEFAULT '' NOT NULL,
	`requested_by` text NOT NULL,
	`requested_at` integer NOT NULL,
	`edited_by` text,
	`built_at` integer,
	`recomputed_at` integer,
	`differences` integer,
	`approved_by` text,
	`approved_at` integer,
	FOREIGN KEY (`snapshot_id`) REFERENCES `snapshot`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`draft_sha256`) REFERENCES `file`(`sha256`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`pdf_sha256`) REFERENCES `file`(`sha256`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "report_kind_known" CHECK("report"."kind" in ('annual-mayor', 'annual-governor', 'annual-bssn', 'annual-bsre', 'evaluation', 'utilisation', 'inventory', 'incidents', 'brief')),
	CONSTRAINT "report_state_known" CHECK("report"."state" in ('requested', 'draft', 'sealing', 'approved', 'failed')),
	CONSTRAINT "report_approved_at_order" CHECK("report"."approved_at" >= "report"."requested_at"),
	CONSTRAINT "report_version" CHECK("report"."version" >= 1),
	CONSTRAINT "report_approved_whole" CHECK(("report"."state" in ('sealing', 'approved')) = ("report"."approved_at" is not null)),
	CONSTRAINT "report_sealed" CHECK(("report"."state" = 'approved') = ("report"."pdf_sha256" is not null)),
	CONSTRAINT "report_second_person" CHECK("report"."approved_by" is null or "report"."approved_by" not in ("report"."requested_by", coalesce("report"."edited_by", '')))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `report_by_number` ON `report` (`number`);--> statement-breakpoint
CREATE UNIQUE INDEX `report_by_version` ON `report` (`kind`,`period`,`version`);--> statement-breakpoint
CREATE INDEX `report_by_state` ON `report` (`state`,`requested_at`);--> statement-breakpoint
CREATE TABLE `report_dispatch` (
	`id` text PRIMARY KEY NOT NULL,
	`report_id` text NOT NULL,
	`party` text NOT NULL,
	`addressee` text NOT NULL,
	`way` text NOT NULL,
	`letter_number` text NOT NULL,
	`sent_at` integer NOT NULL,
	`receipt` text NOT NULL,
	`proof_sha256` text,
	`proof_name` text,
	`by` text NOT NULL,
	`entered_at` integer NOT NULL,
	FOREIGN KEY (`report_id`) REFERENCES `report`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`proof_sha256`) REFERENCES `file`(`sha256`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "report_dispatch_party_known" CHECK("report_dispatch"."party" in ('mayor', 'governor', 'bssn', 'bsre', 'other')),
	CONSTRAINT "report_dispatch_way_known" CHECK("report_dispatch"."way" in ('email', 'courier', 'portal', 'hand'))
);
--> statement-breakpoint
CREATE INDEX `report_dispatch_by_report` ON `report_dispatch` (`report_id`,`sent_at`);--> statement-breakpoint
CREATE TABLE `snapshot` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`period` text NOT NULL,
	`state_at` integer NOT NULL,
	`taken_at` integer NOT NULL,
	`taken_by` text NOT NULL,
	`as_of_size` integer NOT NULL,
	`as_of_root` text NOT NULL,
	`rows_sha256` text NOT NULL,
	FOREIGN KEY (`rows_sha256`) REFERENCES `file`(`sha256`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "snapshot_taken_at_order" CHECK("snapshot"."taken_at" >= "snapshot"."state_at")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `snapshot_by_number` ON `snapshot` (`number`);--> statement-breakpoint
CREATE INDEX `snapshot_by_period` ON `snapshot` (`period`,`taken_at`);--> statement-breakpoint
CREATE TABLE `revocation_answer` (
	`certificate_id` text PRIMARY KEY NOT NULL,
	`status` text NOT NULL,
	`reason` integer,
	`revoked_at` integer,
	`this_update` integer NOT NULL,
	`next_update` integer,
	`confirmed_at` integer NOT NULL,
	`evidence_id` text NOT NULL,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "revocation_answer_status_known" CHECK("revocation_answer"."status" in ('good', 'revoked', 'on_hold', 'unknown', 'non_issued'))
);
--> statement-breakpoint
CREATE TABLE `revocation_evidence` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`source_id` text,
	`origin` text NOT NULL,
	`issuer_key` text NOT NULL,
	`issuer_name` text NOT NULL,
	`scope` text NOT NULL,
	`certificate_id` text,
	`sha256` text NOT NULL,
	`size` integer NOT NULL,
	`this_update` integer NOT NULL,
	`next_update` integer,
	`produced_at` integer,
	`crl_number` text,
	`entry_count` integer,
	`signer_fingerprint` text NOT NULL,
	`remarks` text NOT NULL,
	`accepted_at` integer NOT NULL,
	`accepted_by` text NOT NULL,
	FOREIGN KEY (`source_id`) REFERENCES `revocation_source`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`sha256`) REFERENCES `file`(`sha256`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "revocation_evidence_kind_known" CHECK("revocation_evidence"."kind" in ('crl', 'ocsp')),
	CONSTRAINT "revocation_evidence_origin_known" CHECK("revocation_evidence"."origin" in ('fetched', 'uploaded'))
);
--> statement-breakpoint
CREATE INDEX `revocation_evidence_by_line` ON `revocation_evidence` (`issuer_key`,`scope`,`this_update`);--> statement-breakpoint
CREATE INDEX `revocation_evidence_by_source` ON `revocation_evidence` (`source_id`,`accepted_at`);--> statement-breakpoint
CREATE INDEX `revocation_evidence_by_certificate` ON `revocation_evidence` (`certificate_id`,`this_update`);--> statement-breakpoint
CREATE TABLE `revocation_line` (
	`issuer_key` text NOT NULL,
	`scope` text NOT NULL,
	`evidence_id` text NOT NULL,
	`confirmed_at` integer NOT NULL,
	`applied_evidence_id` text,
	`applied_at` integer,
	PRIMARY KEY(`issuer_key`, `scope`),
	FOREIGN KEY (`evidence_id`) REFERENCES `revocation_evidence`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `revocation_listing` (
	`issuer_key` text NOT NULL,
	`scope` text NOT NULL,
	`serial` text NOT NULL,
	`status` text NOT NULL,
	`reason` integer,
	`revoked_at` integer NOT NULL,
	`invalidity_at` integer,
	`first_evidence_id` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	`evidence_id` text NOT NULL,
	`removed_evidence_id` text,
	PRIMARY KEY(`issuer_key`, `scope`, `serial`),
	CONSTRAINT "revocation_listing_status_known" CHECK("revocation_listing"."status" in ('revoked', 'on_hold'))
);
--> statement-breakpoint
CREATE TABLE `revocation_refused` (
	`id` text PRIMARY KEY NOT NULL,
	`source_id` text,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`code` text NOT NULL,
	`sha256` text NOT NULL,
	`size` integer NOT NULL,
	`bytes` blob,
	`name` text NOT NULL,
	FOREIGN KEY (`source_id`) REFERENCES `revocation_source`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "revocation_refused_kind_known" CHECK("revocation_refused"."kind" in ('crl', 'ocsp'))
);
--> statement-breakpoint
CREATE INDEX `revocation_refused_by_source` ON `revocation_refused` (`source_id`,`at`);--> statement-breakpoint
CREATE TABLE `revocation_signal` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`certificate_id` text,
	`source_id` text,
	`evidence_id` text,
	`detail` text NOT NULL,
	`at` integer NOT NULL,
	`settled_at` integer,
	`settled_by` text,
	`settled_why` text,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`source_id`) REFERENCES `revocation_source`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "revocation_signal_kind_known" CHECK("revocation_signal"."kind" in ('early_removal', 'conflict', 'reason_changed', 'date_changed', 'lag', 'non_issued', 'same_number', 'shrunk', 'hint'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `revocation_signal_once` ON `revocation_signal` (`kind`,(case when "certificate_id" is null then '' else "certificate_id" end),(case when "evidence_id" is null then '' else "evidence_id" end));--> statement-breakpoint
CREATE INDEX `revocation_signal_open` ON `revocation_signal` (`settled_at`,`at`);--> statement-breakpoint
CREATE INDEX `revocation_signal_by_certificate` ON `revocation_signal` (`certificate_id`);--> statement-breakpoint
CREATE TABLE `revocation_source` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`url` text NOT NULL,
	`issuer_key` text NOT NULL,
	`issuer_name` text NOT NULL,
	`added_at` integer NOT NULL,
	`retired_at` integer,
	`etag` text,
	`last_modified` text,
	`attempted_at` integer,
	`confirmed_at` integer,
	`due_at` integer NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`failed_since` integer,
	`failure_code` text,
	`failure_text` text,
	`evidence_id` text,
	`clock_offset` integer,
	CONSTRAINT "revocation_source_kind_known" CHECK("revocation_source"."kind" in ('crl', 'ocsp')),
	CONSTRAINT "revocation_source_failures" CHECK("revocation_source"."failures" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `revocation_source_by_address` ON `revocation_source` (`kind`,`issuer_key`,`url`);--> statement-breakpoint
CREATE INDEX `revocation_source_due` ON `revocation_source` (`due_at`);--> statement-breakpoint
CREATE TABLE `holiday` (
	`date` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`source` text NOT NULL,
	`entered_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `holiday_by_date` ON `holiday` (`date`);--> statement-breakpoint
CREATE TABLE `number_series` (
	`series` text NOT NULL,
	`year` integer NOT NULL,
	`last` integer NOT NULL,
	PRIMARY KEY(`series`, `year`),
	CONSTRAINT "number_series_last" CHECK("number_series"."last" >= 0)
);
--> statement-breakpoint
CREATE TABLE `setting` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`version` integer NOT NULL,
	`value` text NOT NULL,
	`source` text NOT NULL,
	`in_force_from` text NOT NULL,
	`set_by` text NOT NULL,
	`set_at` integer NOT NULL,
	CONSTRAINT "setting_version" CHECK("setting"."version" >= 1)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `setting_by_key_version` ON `setting` (`key`,`version`);
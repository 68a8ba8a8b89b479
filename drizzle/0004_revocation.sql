CREATE TABLE `chain_doubt` (
	`authority_id` text PRIMARY KEY NOT NULL,
	`chain` text NOT NULL,
	`since` integer NOT NULL,
	FOREIGN KEY (`authority_id`) REFERENCES `authority`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "chain_doubt_chain_known" CHECK("chain_doubt"."chain" in ('untrusted', 'ca_revoked'))
);
--> statement-breakpoint
CREATE TABLE `kept_survey` (
	`name` text PRIMARY KEY NOT NULL,
	`taken_at` integer NOT NULL,
	`rows` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `file_bytes` (
	`sha256` text PRIMARY KEY NOT NULL,
	`bytes` blob NOT NULL,
	FOREIGN KEY (`sha256`) REFERENCES `file`(`sha256`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `clock_reading` (
	`id` text PRIMARY KEY NOT NULL,
	`host` text NOT NULL,
	`at` integer NOT NULL,
	`offset` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `clock_reading_by_time` ON `clock_reading` (`at`);--> statement-breakpoint
CREATE TABLE `freshest_address` (
	`fingerprint` text NOT NULL,
	`url` text NOT NULL,
	PRIMARY KEY(`fingerprint`, `url`)
);
--> statement-breakpoint
CREATE TABLE `reach_result` (
	`id` text PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`kind` text NOT NULL,
	`host` text NOT NULL,
	`port` integer NOT NULL,
	`protocol` text NOT NULL,
	`ok` integer,
	`step` text,
	`text` text NOT NULL,
	`addresses` text NOT NULL,
	`ms` integer,
	`checked_at` integer,
	`certificates` integer NOT NULL,
	`urls` integer NOT NULL,
	FOREIGN KEY (`run_id`) REFERENCES `reach_run`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "reach_result_kind_known" CHECK("reach_result"."kind" in ('crl', 'ocsp', 'aia', 'smtp')),
	CONSTRAINT "reach_result_protocol_known" CHECK("reach_result"."protocol" in ('http', 'https', 'smtp', 'smtps')),
	CONSTRAINT "reach_result_ok_known" CHECK("reach_result"."ok" in (0, 1)),
	CONSTRAINT "reach_result_step_known" CHECK("reach_result"."step" in ('dns', 'connect', 'tls', 'first_byte', 'status'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reach_result_once` ON `reach_result` (`run_id`,`kind`,`host`,`port`,`protocol`);--> statement-breakpoint
CREATE TABLE `reach_run` (
	`id` text PRIMARY KEY NOT NULL,
	`requested_by` text NOT NULL,
	`requested_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE TABLE `revocation_confirmation` (
	`id` text PRIMARY KEY NOT NULL,
	`evidence_id` text NOT NULL,
	`from` integer NOT NULL,
	`to` integer NOT NULL,
	FOREIGN KEY (`evidence_id`) REFERENCES `revocation_evidence`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `revocation_confirmation_by_evidence` ON `revocation_confirmation` (`evidence_id`,`from`);--> statement-breakpoint
CREATE TABLE `revocation_quarantine` (
	`id` text PRIMARY KEY NOT NULL,
	`issuer_key` text NOT NULL,
	`scope` text NOT NULL,
	`evidence_id` text NOT NULL,
	`from_count` integer NOT NULL,
	`to_count` integer NOT NULL,
	`since` integer NOT NULL,
	`decision` text,
	`decided_at` integer,
	`decided_by` text,
	`reason` text,
	`ended_at` integer,
	FOREIGN KEY (`evidence_id`) REFERENCES `revocation_evidence`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "revocation_quarantine_decision_known" CHECK("revocation_quarantine"."decision" in ('release', 'keep', 'recovered'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `revocation_quarantine_open` ON `revocation_quarantine` (`issuer_key`,`scope`) WHERE "revocation_quarantine"."ended_at" is null;--> statement-breakpoint
CREATE INDEX `revocation_quarantine_by_evidence` ON `revocation_quarantine` (`evidence_id`);--> statement-breakpoint
CREATE TABLE `revocation_requested` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`certificate_id` text,
	`source_id` text,
	`name` text DEFAULT '' NOT NULL,
	`size` integer DEFAULT 0 NOT NULL,
	`sha256` text,
	`requested_by` text NOT NULL,
	`requested_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer,
	`ok` integer,
	`text` text,
	`result` text,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`source_id`) REFERENCES `revocation_source`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "revocation_requested_kind_known" CHECK("revocation_requested"."kind" in ('check', 'source', 'upload')),
	CONSTRAINT "revocation_requested_ok_known" CHECK("revocation_requested"."ok" in (0, 1))
);
--> statement-breakpoint
CREATE INDEX `revocation_requested_waiting` ON `revocation_requested` (`requested_at`) WHERE "revocation_requested"."finished_at" is null;--> statement-breakpoint
CREATE INDEX `revocation_requested_by_kind` ON `revocation_requested` (`kind`,`requested_at`);--> statement-breakpoint
CREATE TABLE `revocation_thinned` (
	`evidence_id` text PRIMARY KEY NOT NULL,
	`header` blob NOT NULL,
	`found` text NOT NULL,
	`at` integer NOT NULL,
	`freed` integer NOT NULL,
	FOREIGN KEY (`evidence_id`) REFERENCES `revocation_evidence`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `revocation_unanswered` (
	`certificate_id` text PRIMARY KEY NOT NULL,
	`refusals` integer NOT NULL,
	`due_at` integer NOT NULL,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `revocation_walk` (
	`name` text PRIMARY KEY NOT NULL,
	`done` integer NOT NULL
);
--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_alert` (
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
	CONSTRAINT "alert_kind_known" CHECK("__new_alert"."kind" in ('expiry', 'authority_expiry', 'revoked', 'on_hold', 'early_removal', 'conflict', 'non_issued', 'source_failing', 'source_ageing', 'source_stale', 'source_suspect', 'authority_revoked', 'underived', 'clock')),
	CONSTRAINT "alert_urgency_known" CHECK("__new_alert"."urgency" in ('digest', 'immediate')),
	CONSTRAINT "alert_severity_known" CHECK("__new_alert"."severity" in ('info', 'warning', 'serious', 'critical')),
	CONSTRAINT "alert_settled_why_known" CHECK("__new_alert"."settled_why" in ('renewed', 'revoked', 'expired_history', 'recovered', 'retired', 'handled', 'released', 'overtaken')),
	CONSTRAINT "alert_renewed_at_order" CHECK("__new_alert"."renewed_at" >= "__new_alert"."raised_at"),
	CONSTRAINT "alert_acknowledged_at_order" CHECK("__new_alert"."acknowledged_at" >= "__new_alert"."raised_at"),
	CONSTRAINT "alert_settled_at_order" CHECK("__new_alert"."settled_at" >= "__new_alert"."raised_at"),
	CONSTRAINT "alert_one_subject" CHECK(("__new_alert"."certificate_id" is not null) + ("__new_alert"."authority_id" is not null) + ("__new_alert"."source_id" is not null) <= 1)
);
--> statement-breakpoint
INSERT INTO `__new_alert`("id", "kind", "certificate_id", "authority_id", "source_id", "urgency", "severity", "detail", "raised_at", "renewed_at", "acknowledged_at", "acknowledged_by", "acknowledged_why", "snoozed_until", "settled_at", "settled_why", "signal_id") SELECT "id", "kind", "certificate_id", "authority_id", "source_id", "urgency", "severity", "detail", "raised_at", "renewed_at", "acknowledged_at", "acknowledged_by", "acknowledged_why", "snoozed_until", "settled_at", "settled_why", "signal_id" FROM `alert`;--> statement-breakpoint
DROP TABLE `alert`;--> statement-breakpoint
ALTER TABLE `__new_alert` RENAME TO `alert`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `alert_open_by_certificate` ON `alert` (`kind`,`certificate_id`) WHERE "alert"."settled_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `alert_open_by_authority` ON `alert` (`kind`,`authority_id`) WHERE "alert"."settled_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `alert_open_by_source` ON `alert` (`kind`,`source_id`) WHERE "alert"."settled_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `alert_open_of_machine` ON `alert` (`kind`) WHERE "alert"."settled_at" is null and "alert"."certificate_id" is null and "alert"."authority_id" is null and "alert"."source_id" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `alert_by_signal` ON `alert` (`signal_id`) WHERE "alert"."signal_id" is not null;--> statement-breakpoint
CREATE INDEX `alert_open` ON `alert` (`settled_at`,`raised_at`);--> statement-breakpoint
CREATE INDEX `alert_by_certificate` ON `alert` (`certificate_id`);--> statement-breakpoint
CREATE TABLE `__new_revocation_signal` (
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
	CONSTRAINT "revocation_signal_kind_known" CHECK("__new_revocation_signal"."kind" in ('early_removal', 'conflict', 'reason_changed', 'date_changed', 'lag', 'non_issued', 'same_number', 'shrunk', 'hint', 'underived'))
);
--> statement-breakpoint
INSERT INTO `__new_revocation_signal`("id", "kind", "certificate_id", "source_id", "evidence_id", "detail", "at", "settled_at", "settled_by", "settled_why") SELECT "id", "kind", "certificate_id", "source_id", "evidence_id", "detail", "at", "settled_at", "settled_by", "settled_why" FROM `revocation_signal`;--> statement-breakpoint
DROP TABLE `revocation_signal`;--> statement-breakpoint
ALTER TABLE `__new_revocation_signal` RENAME TO `revocation_signal`;--> statement-breakpoint
CREATE UNIQUE INDEX `revocation_signal_once` ON `revocation_signal` (`kind`,(case when "certificate_id" is null then '' else "certificate_id" end),(case when "evidence_id" is null then '' else "evidence_id" end));--> statement-breakpoint
CREATE INDEX `revocation_signal_open` ON `revocation_signal` (`settled_at`,`at`);--> statement-breakpoint
CREATE INDEX `revocation_signal_by_certificate` ON `revocation_signal` (`certificate_id`);--> statement-breakpoint
ALTER TABLE `holder_merge` ADD `moved` text;--> statement-breakpoint
ALTER TABLE `file` ADD `dropped_at` integer;--> statement-breakpoint
ALTER TABLE `report` ADD `attempts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `report` ADD `retry_at` integer;--> statement-breakpoint
ALTER TABLE `revocation_answer` ADD `invalidity_at` integer;--> statement-breakpoint
ALTER TABLE `revocation_evidence` ADD `delta_of` text;--> statement-breakpoint
ALTER TABLE `revocation_line` ADD `delta_evidence_id` text REFERENCES revocation_evidence(id);--> statement-breakpoint
ALTER TABLE `revocation_line` ADD `delta_confirmed_at` integer;--> statement-breakpoint
CREATE INDEX `status_event_by_evidence` ON `status_event` (`evidence_id`) WHERE "status_event"."to" <> 'good';
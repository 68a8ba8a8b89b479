CREATE TABLE `agency` (
	`id` text PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`kind` text NOT NULL,
	`level` text NOT NULL,
	`parent_id` text,
	`valid_from` text NOT NULL,
	`valid_to` text
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
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action
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
	`synthetic` integer DEFAULT false NOT NULL
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
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action
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
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action
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
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action
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
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action
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
	`added_at` integer NOT NULL,
	FOREIGN KEY (`fingerprint`) REFERENCES `certificate_der`(`fingerprint`) ON UPDATE no action ON DELETE no action
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
	`added_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`fingerprint`) REFERENCES `certificate_der`(`fingerprint`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`authority_id`) REFERENCES `authority`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`holder_id`) REFERENCES `holder`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `certificate_by_fingerprint` ON `certificate` (`fingerprint`) WHERE "certificate"."fingerprint" is not null;--> statement-breakpoint
CREATE INDEX `certificate_by_serial` ON `certificate` (`serial`);--> statement-breakpoint
CREATE INDEX `certificate_by_end` ON `certificate` (`not_after`);--> statement-breakpoint
CREATE INDEX `certificate_by_agency` ON `certificate` (`agency_id`,`not_after`);--> statement-breakpoint
CREATE INDEX `certificate_by_holder` ON `certificate` (`holder_id`);--> statement-breakpoint
CREATE INDEX `certificate_by_authority` ON `certificate` (`authority_id`);--> statement-breakpoint
CREATE INDEX `certificate_by_key` ON `certificate` (`key_sha256`);--> statement-breakpoint
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
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `certificate_mark_by_certificate` ON `certificate_mark` (`certificate_id`,`ended_at`);--> statement-breakpoint
CREATE TABLE `daily_count` (
	`id` text PRIMARY KEY NOT NULL,
	`day` text NOT NULL,
	`agency_id` text,
	`label` text NOT NULL,
	`count` integer NOT NULL,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action
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
	`created_at` integer NOT NULL
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
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `import_entry_by_seq` ON `import_entry` (`import_id`,`seq`);--> statement-breakpoint
CREATE INDEX `import_entry_by_outcome` ON `import_entry` (`import_id`,`outcome`);--> statement-breakpoint
CREATE TABLE `import_run` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`file_sha256` text,
	`agency_id` text,
	`state` text NOT NULL,
	`total` integer DEFAULT 0 NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`message` text,
	`requested_by` text NOT NULL,
	`requested_at` integer NOT NULL,
	`finished_at` integer,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `import_run_by_number` ON `import_run` (`number`);--> statement-breakpoint
CREATE INDEX `import_run_by_state` ON `import_run` (`state`,`requested_at`);--> statement-breakpoint
CREATE TABLE `ownership` (
	`id` text PRIMARY KEY NOT NULL,
	`certificate_id` text NOT NULL,
	`holder_id` text,
	`agency_id` text NOT NULL,
	`from` integer NOT NULL,
	`to` integer,
	`why` text NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`holder_id`) REFERENCES `holder`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action
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
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action
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
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action
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
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `status_event_by_certificate` ON `status_event` (`certificate_id`,`at`);--> statement-breakpoint
CREATE TABLE `file` (
	`sha256` text PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`media_type` text NOT NULL,
	`stored_at` integer NOT NULL,
	`stored_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `message` (
	`id` text PRIMARY KEY NOT NULL,
	`idempotency_key` text NOT NULL,
	`channel` text NOT NULL,
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
	`message_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `message_by_key` ON `message` (`idempotency_key`);--> statement-breakpoint
CREATE INDEX `message_by_state` ON `message` (`state`,`next_at`);--> statement-breakpoint
CREATE INDEX `message_by_subject` ON `message` (`subject_kind`,`subject_ref`);--> statement-breakpoint
CREATE TABLE `message_attempt` (
	`id` text PRIMARY KEY NOT NULL,
	`message_id` text NOT NULL,
	`at` integer NOT NULL,
	`result` text NOT NULL,
	`reply` text NOT NULL,
	FOREIGN KEY (`message_id`) REFERENCES `message`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `message_attempt_by_message` ON `message_attempt` (`message_id`,`at`);--> statement-breakpoint
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
	PRIMARY KEY(`series`, `year`)
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
	`set_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `setting_by_key_version` ON `setting` (`key`,`version`);
CREATE TABLE `agency_alias` (
	`key` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL,
	`agency_id` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `agency_problem` (
	`id` text PRIMARY KEY NOT NULL,
	`agency_id` text NOT NULL,
	`rule` text NOT NULL,
	`from` text NOT NULL,
	`until` text NOT NULL,
	`count` integer NOT NULL,
	`total` integer NOT NULL,
	`first_seen_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`agency_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "agency_problem_ended_at_order" CHECK("agency_problem"."ended_at" >= "agency_problem"."first_seen_at")
);
--> statement-breakpoint
CREATE INDEX `agency_problem_by_rule` ON `agency_problem` (`rule`,`ended_at`);--> statement-breakpoint
CREATE TABLE `bulk_act` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`kind` text NOT NULL,
	`input` text NOT NULL,
	`state` text NOT NULL,
	`total` integer NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`ids_hash` text NOT NULL,
	`requested_by` text NOT NULL,
	`requested_at` integer NOT NULL,
	`finished_at` integer,
	CONSTRAINT "bulk_act_kind_known" CHECK("bulk_act"."kind" in ('transfer', 'retire', 'archive', 'restore')),
	CONSTRAINT "bulk_act_state_known" CHECK("bulk_act"."state" in ('requested', 'running', 'done')),
	CONSTRAINT "bulk_act_finished_at_order" CHECK("bulk_act"."finished_at" >= "bulk_act"."requested_at"),
	CONSTRAINT "bulk_act_progress" CHECK("bulk_act"."done" between 0 and "bulk_act"."total")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bulk_act_by_number` ON `bulk_act` (`number`);--> statement-breakpoint
CREATE INDEX `bulk_act_by_state` ON `bulk_act` (`state`,`requested_at`);--> statement-breakpoint
CREATE TABLE `bulk_item` (
	`bulk_id` text NOT NULL,
	`seq` integer NOT NULL,
	`certificate_id` text NOT NULL,
	`outcome` text NOT NULL,
	`reason` text,
	PRIMARY KEY(`bulk_id`, `seq`),
	FOREIGN KEY (`bulk_id`) REFERENCES `bulk_act`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "bulk_item_outcome_known" CHECK("bulk_item"."outcome" in ('waiting', 'changed', 'skipped'))
);
--> statement-breakpoint
CREATE TABLE `certificate_census` (
	`id` integer PRIMARY KEY NOT NULL,
	`taken_at` integer NOT NULL,
	`trail` integer NOT NULL,
	`rows` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `certificate_search` (
	`docid` integer PRIMARY KEY NOT NULL,
	`certificate_id` text NOT NULL,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `certificate_search_by_certificate` ON `certificate_search` (`certificate_id`);--> statement-breakpoint
CREATE TABLE `chain_run` (
	`id` text PRIMARY KEY NOT NULL,
	`scope` text NOT NULL,
	`state` text NOT NULL,
	`after` text DEFAULT '' NOT NULL,
	`total` integer DEFAULT 0 NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`changed` integer DEFAULT 0 NOT NULL,
	`requested_at` integer NOT NULL,
	`finished_at` integer,
	CONSTRAINT "chain_run_scope_known" CHECK("chain_run"."scope" in ('all', 'open')),
	CONSTRAINT "chain_run_state_known" CHECK("chain_run"."state" in ('requested', 'running', 'done')),
	CONSTRAINT "chain_run_finished_at_order" CHECK("chain_run"."finished_at" >= "chain_run"."requested_at")
);
--> statement-breakpoint
CREATE INDEX `chain_run_by_state` ON `chain_run` (`state`,`requested_at`);--> statement-breakpoint
CREATE TABLE `holder_alias` (
	`id` text PRIMARY KEY NOT NULL,
	`holder_id` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`holder_id`) REFERENCES `holder`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `holder_alias_by_holder` ON `holder_alias` (`holder_id`,`name_key`);--> statement-breakpoint
CREATE INDEX `holder_alias_by_name` ON `holder_alias` (`name_key`);--> statement-breakpoint
CREATE TABLE `holder_merge` (
	`holder_id` text PRIMARY KEY NOT NULL,
	`into_id` text NOT NULL,
	`why` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`holder_id`) REFERENCES `holder`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`into_id`) REFERENCES `holder`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `holder_merge_by_kept` ON `holder_merge` (`into_id`);--> statement-breakpoint
CREATE TABLE `holder_search` (
	`docid` integer PRIMARY KEY NOT NULL,
	`holder_id` text NOT NULL,
	FOREIGN KEY (`holder_id`) REFERENCES `holder`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `holder_search_by_holder` ON `holder_search` (`holder_id`);--> statement-breakpoint
CREATE TABLE `import_row` (
	`import_id` text NOT NULL,
	`seq` integer NOT NULL,
	`line` integer,
	`verdict` text NOT NULL,
	`name` text NOT NULL,
	`about` text NOT NULL,
	`reason` text,
	`notes` text NOT NULL,
	`changes` text NOT NULL,
	`unknown_agency` text,
	`target_id` text,
	PRIMARY KEY(`import_id`, `seq`),
	FOREIGN KEY (`import_id`) REFERENCES `import_run`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "import_row_verdict_known" CHECK("import_row"."verdict" in ('added', 'completed', 'changed', 'same', 'absent', 'rejected'))
);
--> statement-breakpoint
CREATE INDEX `import_row_by_verdict` ON `import_row` (`import_id`,`verdict`,`seq`);--> statement-breakpoint
CREATE TABLE `import_sheet` (
	`import_id` text PRIMARY KEY NOT NULL,
	`sheets` text NOT NULL,
	`sheet` text,
	`heading_row` integer,
	`columns` text NOT NULL,
	`chosen` text NOT NULL,
	`remarks` text NOT NULL,
	`layout` text NOT NULL,
	`accepted_by` text,
	`accepted_at` integer,
	FOREIGN KEY (`import_id`) REFERENCES `import_run`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `issuer_trait` (
	`authority_id` text NOT NULL,
	`rule` text NOT NULL,
	`fired` integer NOT NULL,
	`total` integer NOT NULL,
	PRIMARY KEY(`authority_id`, `rule`),
	FOREIGN KEY (`authority_id`) REFERENCES `authority`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `match_refusal` (
	`id` text PRIMARY KEY NOT NULL,
	`certificate_id` text NOT NULL,
	`holder_id` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`holder_id`) REFERENCES `holder`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `match_refusal_by_pair` ON `match_refusal` (`certificate_id`,`holder_id`);--> statement-breakpoint
CREATE TABLE `renewal_decision` (
	`id` text PRIMARY KEY NOT NULL,
	`certificate_id` text NOT NULL,
	`successor_id` text NOT NULL,
	`decision` text NOT NULL,
	`why` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`successor_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "renewal_decision_decision_known" CHECK("renewal_decision"."decision" in ('confirmed', 'rejected'))
);
--> statement-breakpoint
CREATE INDEX `renewal_decision_by_pair` ON `renewal_decision` (`certificate_id`,`successor_id`,`at`);--> statement-breakpoint
CREATE TABLE `saved_view` (
	`id` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`name` text NOT NULL,
	`query` text NOT NULL,
	`shared` integer DEFAULT false NOT NULL,
	`preferred` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`archived_at` integer,
	CONSTRAINT "saved_view_shared_known" CHECK("saved_view"."shared" in (0, 1)),
	CONSTRAINT "saved_view_preferred_known" CHECK("saved_view"."preferred" in (0, 1)),
	CONSTRAINT "saved_view_archived_at_order" CHECK("saved_view"."archived_at" >= "saved_view"."created_at")
);
--> statement-breakpoint
CREATE INDEX `saved_view_by_owner` ON `saved_view` (`owner`,`archived_at`);--> statement-breakpoint
CREATE TABLE `sheet_layout` (
	`layout` text PRIMARY KEY NOT NULL,
	`fields` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `past_summary` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`period` text NOT NULL,
	`counts` text NOT NULL,
	`score` integer,
	`reported_to` text DEFAULT '' NOT NULL,
	`reported_on` text,
	`reference` text NOT NULL,
	`file_sha256` text,
	`file_name` text,
	`corrects` text,
	`entered_by` text NOT NULL,
	`entered_at` integer NOT NULL,
	`withdrawn_at` integer,
	`withdrawn_by` text,
	`withdrawn_why` text,
	CONSTRAINT "past_summary_kind_known" CHECK("past_summary"."kind" in ('evaluation', 'incidents')),
	CONSTRAINT "past_summary_withdrawn_at_order" CHECK("past_summary"."withdrawn_at" >= "past_summary"."entered_at")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `past_summary_one_in_force` ON `past_summary` (`kind`,`period`) WHERE "past_summary"."withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX `past_summary_by_period` ON `past_summary` (`period`,`kind`);--> statement-breakpoint
CREATE TABLE `incident_move` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`from_id` text NOT NULL,
	`to_id` text NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`from_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`to_id`) REFERENCES `agency`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "incident_move_elsewhere" CHECK("incident_move"."from_id" <> "incident_move"."to_id")
);
--> statement-breakpoint
CREATE INDEX `incident_move_by_incident` ON `incident_move` (`incident_id`,`at`);--> statement-breakpoint
CREATE TABLE `incident_occurrence` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`at` integer,
	`precision` text NOT NULL,
	`reason` text,
	`entered_by` text NOT NULL,
	`entered_at` integer NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incident`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "incident_occurrence_precision_known" CHECK("incident_occurrence"."precision" in ('minute', 'hour', 'day'))
);
--> statement-breakpoint
CREATE INDEX `incident_occurrence_by_incident` ON `incident_occurrence` (`incident_id`,`entered_at`);--> statement-breakpoint
CREATE TABLE `issuer_fetch` (
	`id` text PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`outcome` text NOT NULL,
	`text` text NOT NULL,
	`sha256` text,
	`failures` integer DEFAULT 0 NOT NULL,
	`fetched_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	CONSTRAINT "issuer_fetch_outcome_known" CHECK("issuer_fetch"."outcome" in ('found', 'same', 'refused', 'failed'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `issuer_fetch_by_url` ON `issuer_fetch` (`url`);--> statement-breakpoint
CREATE TABLE `issuer_host` (
	`id` text PRIMARY KEY NOT NULL,
	`host` text NOT NULL,
	`decision` text NOT NULL,
	`reason` text NOT NULL,
	`decided_by` text NOT NULL,
	`decided_at` integer NOT NULL,
	CONSTRAINT "issuer_host_decision_known" CHECK("issuer_host"."decision" in ('allowed', 'withdrawn', 'refused'))
);
--> statement-breakpoint
CREATE INDEX `issuer_host_by_host` ON `issuer_host` (`host`,`decided_at`);--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_holder` (
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
	`import_id` text,
	`archived_at` integer,
	CONSTRAINT "holder_kind_known" CHECK("__new_holder"."kind" in ('person', 'entity', 'system')),
	CONSTRAINT "holder_status_known" CHECK("__new_holder"."status" in ('active', 'moved', 'retired', 'left', 'deceased'))
);
--> statement-breakpoint
INSERT INTO `__new_holder`("id", "kind", "name", "title_before", "title_after", "name_key", "nip", "email", "status", "status_since", "created_at") SELECT "id", "kind", "name", "title_before", "title_after", "name_key", "nip", "email", "status", "status_since", "created_at" FROM `holder`;--> statement-breakpoint
DROP TABLE `holder`;--> statement-breakpoint
ALTER TABLE `__new_holder` RENAME TO `holder`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `holder_by_nip` ON `holder` (`nip`) WHERE "holder"."nip" is not null;--> statement-breakpoint
CREATE INDEX `holder_by_name` ON `holder` (`name_key`);--> statement-breakpoint
CREATE INDEX `holder_by_import` ON `holder` (`import_id`);--> statement-breakpoint
CREATE INDEX `holder_by_leaving` ON `holder` (`status_since`) WHERE "holder"."status" <> 'active';--> statement-breakpoint
CREATE TABLE `__new_import_run` (
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
	CONSTRAINT "import_run_kind_known" CHECK("__new_import_run"."kind" in ('certificates', 'certificate_sheet', 'personnel')),
	CONSTRAINT "import_run_state_known" CHECK("__new_import_run"."state" in ('requested', 'preview', 'running', 'done', 'failed', 'voided')),
	CONSTRAINT "import_run_finished_at_order" CHECK("__new_import_run"."finished_at" >= "__new_import_run"."requested_at"),
	CONSTRAINT "import_run_progress" CHECK("__new_import_run"."done" between 0 and "__new_import_run"."total")
);
--> statement-breakpoint
INSERT INTO `__new_import_run`("id", "number", "kind", "name", "agency_id", "state", "total", "done", "message", "requested_by", "requested_at", "finished_at") SELECT "id", "number", "kind", "name", "agency_id", "state", "total", "done", "message", "requested_by", "requested_at", "finished_at" FROM `import_run`;--> statement-breakpoint
DROP TABLE `import_run`;--> statement-breakpoint
ALTER TABLE `__new_import_run` RENAME TO `import_run`;--> statement-breakpoint
CREATE UNIQUE INDEX `import_run_by_number` ON `import_run` (`number`);--> statement-breakpoint
CREATE INDEX `import_run_by_state` ON `import_run` (`state`,`requested_at`);--> statement-breakpoint
DROP INDEX `import_entry_by_outcome`;--> statement-breakpoint
ALTER TABLE `import_entry` ADD `unit` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `import_entry` ADD `holder_id` text REFERENCES holder(id);--> statement-breakpoint
ALTER TABLE `import_entry` ADD `changes` text;--> statement-breakpoint
CREATE INDEX `import_entry_by_outcome` ON `import_entry` (`import_id`,`outcome`,`seq`,`certificates_new`,`certificates_known`);--> statement-breakpoint
ALTER TABLE `certificate` ADD `linted_with` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `certificate` ADD `name_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `certificate_by_name` ON `certificate` (`name_key`,`id`);--> statement-breakpoint
CREATE INDEX `certificate_by_confirmation` ON `certificate` (`confirmed_at`,`id`);--> statement-breakpoint
CREATE INDEX `certificate_by_freshness` ON `certificate` (`fresh_until`);--> statement-breakpoint
CREATE INDEX `certificate_by_chain` ON `certificate` (`chain`);--> statement-breakpoint
CREATE INDEX `certificate_by_revocation` ON `certificate` (`revocation`);--> statement-breakpoint
CREATE INDEX `certificate_by_use` ON `certificate` (`use`);--> statement-breakpoint
CREATE INDEX `certificate_by_eku` ON `certificate` (`eku`);--> statement-breakpoint
CREATE INDEX `certificate_by_key_kind` ON `certificate` (`key_algorithm`,`key_bits`);--> statement-breakpoint
CREATE INDEX `certificate_by_addition` ON `certificate` (`added_at`,`id`);--> statement-breakpoint
CREATE INDEX `certificate_data_only` ON `certificate` (`id`) WHERE "certificate"."fingerprint" is null;--> statement-breakpoint
CREATE INDEX `certificate_by_start` ON `certificate` (`not_before`);--> statement-breakpoint
CREATE INDEX `certificate_by_lint` ON `certificate` (`linted_with`) WHERE "certificate"."fingerprint" is not null;--> statement-breakpoint
CREATE INDEX `certificate_incomplete` ON `certificate` (`ca_issuers`,`authority_id`) WHERE "certificate"."chain" = 'incomplete';--> statement-breakpoint
ALTER TABLE `certificate` DROP COLUMN `search_text`;--> statement-breakpoint
ALTER TABLE `ownership` ADD `import_id` text;--> statement-breakpoint
CREATE INDEX `ownership_by_holder` ON `ownership` (`holder_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `ownership_open` ON `ownership` (`certificate_id`) WHERE "ownership"."to" is null;--> statement-breakpoint
ALTER TABLE `position` ADD `import_id` text;
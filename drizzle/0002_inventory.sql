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
CREATE TABLE `issuer_count` (
	`authority_id` text NOT NULL,
	`label` text NOT NULL,
	`count` integer NOT NULL,
	`counted_at` integer NOT NULL,
	PRIMARY KEY(`authority_id`, `label`)
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
CREATE TABLE `problem_count` (
	`rule` text NOT NULL,
	`agency_id` text NOT NULL,
	`count` integer NOT NULL,
	`counted_at` integer NOT NULL,
	PRIMARY KEY(`rule`, `agency_id`)
);
--> statement-breakpoint
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
ALTER TABLE `certificate` ADD `linted_with` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `certificate_by_lint` ON `certificate` (`linted_with`) WHERE "certificate"."fingerprint" is not null;--> statement-breakpoint
CREATE INDEX `certificate_incomplete` ON `certificate` (`ca_issuers`) WHERE "certificate"."chain" = 'incomplete';
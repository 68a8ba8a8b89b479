CREATE TABLE `portal_said` (
	`id` text PRIMARY KEY NOT NULL,
	`certificate_id` text NOT NULL,
	`word` text NOT NULL,
	`import_id` text NOT NULL,
	`at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`certificate_id`) REFERENCES `certificate`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`import_id`) REFERENCES `import_run`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "portal_said_word_known" CHECK("portal_said"."word" in ('issued', 'revoked', 'expired', 'renewing', 'suspended', 'unactivated', 'verifying', 'none', 'unregistered')),
	CONSTRAINT "portal_said_ended_at_order" CHECK("portal_said"."ended_at" >= "portal_said"."at")
);
--> statement-breakpoint
CREATE INDEX `portal_said_by_certificate` ON `portal_said` (`certificate_id`,`at`);--> statement-breakpoint
CREATE INDEX `portal_said_by_import` ON `portal_said` (`import_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `portal_said_last` ON `portal_said` (`certificate_id`) WHERE "portal_said"."ended_at" is null;--> statement-breakpoint
CREATE INDEX `portal_said_by_word` ON `portal_said` (`word`,`certificate_id`) WHERE "portal_said"."ended_at" is null;--> statement-breakpoint
CREATE TABLE `job_attempt` (
	`row` text PRIMARY KEY NOT NULL,
	`place` integer NOT NULL,
	`begun` integer NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `import_run` ADD `held_until` integer;--> statement-breakpoint
ALTER TABLE `sheet_layout` ADD `offered` text;
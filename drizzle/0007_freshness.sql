CREATE TABLE `evidence_freshness` (
	`evidence_id` text PRIMARY KEY NOT NULL,
	`confirmed_at` integer NOT NULL,
	`fresh_until` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `certificate_by_evidence`;--> statement-breakpoint
DROP INDEX `certificate_by_confirmation`;--> statement-breakpoint
DROP INDEX `certificate_by_freshness`;--> statement-breakpoint
CREATE INDEX `certificate_by_evidence` ON `certificate` (`evidence_id`,`confirmed_at`,`id`);--> statement-breakpoint
CREATE INDEX `certificate_by_confirmation` ON `certificate` (`confirmed_at`,`id`,`evidence_id`);--> statement-breakpoint
CREATE INDEX `certificate_by_freshness` ON `certificate` (`fresh_until`,`evidence_id`);
CREATE TABLE `sheet_word` (
	`field` text NOT NULL,
	`words` text NOT NULL,
	`meaning` text NOT NULL,
	`import_id` text,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`field`, `words`),
	FOREIGN KEY (`import_id`) REFERENCES `import_run`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "sheet_word_field_known" CHECK("sheet_word"."field" in ('status', 'portal', 'use'))
);
--> statement-breakpoint
DROP INDEX `certificate_by_evidence`;--> statement-breakpoint
DROP INDEX `certificate_by_successor`;--> statement-breakpoint
DROP INDEX `certificate_by_confirmation`;--> statement-breakpoint
CREATE INDEX `certificate_by_evidence` ON `certificate` (`evidence_id`,`confirmed_at`,`id`) WHERE "certificate"."evidence_id" is not null;--> statement-breakpoint
CREATE INDEX `certificate_by_successor` ON `certificate` (`superseded_by_id`) WHERE "certificate"."superseded_by_id" is not null;--> statement-breakpoint
CREATE INDEX `certificate_by_confirmation` ON `certificate` (`confirmed_at`,`id`,`evidence_id`) WHERE "certificate"."confirmed_at" is not null;--> statement-breakpoint
ALTER TABLE `import_row` ADD `unknown_words` text;--> statement-breakpoint
CREATE INDEX `import_row_by_unknown_agency` ON `import_row` (`import_id`,`unknown_agency`) WHERE "import_row"."unknown_agency" is not null;--> statement-breakpoint
CREATE INDEX `import_row_by_unknown_words` ON `import_row` (`import_id`,`unknown_words`) WHERE "import_row"."unknown_words" is not null;--> statement-breakpoint
-- Names of people in the subjects of alerts whose text an earlier release emptied.
UPDATE message SET subject = 'Peringatan (isi dan perihalnya dihapus)' WHERE subject_kind = 'alerts' AND state IN ('sent', 'cancelled') AND body = '';

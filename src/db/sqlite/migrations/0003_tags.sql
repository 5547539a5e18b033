CREATE TABLE `tags` (
	`id` integer PRIMARY KEY NOT NULL,
	`case_no` integer,
	`at` text NOT NULL,
	`actor` text,
	`type` text,
	`code` text,
	`trial` text,
	`outcome` text,
	`failures` integer,
	`left` text,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`case_no`) REFERENCES `cases`(`no`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `tags_actor` ON `tags` (`actor`,`at`) WHERE actor is not null;--> statement-breakpoint
CREATE INDEX `tags_refused` ON `tags` (`at`,`code`,`type`) WHERE code is not null;--> statement-breakpoint
CREATE INDEX `tags_trial` ON `tags` (`case_no`,`trial`) WHERE trial is not null;--> statement-breakpoint
CREATE INDEX `tags_passed` ON `tags` (`trial`,`failures`) WHERE failures is not null;--> statement-breakpoint
CREATE INDEX `tags_left` ON `tags` (`left`,`case_no`) WHERE "left" is not null;--> statement-breakpoint
ALTER TABLE `cases` ADD `entered` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `cases` ADD `entered_at` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `cases_waiting` ON `cases` (`leaves`,`entered_at`,`matter`);--> statement-breakpoint
CREATE INDEX `cases_unindexed` ON `cases` (`no`) WHERE entered = '';--> statement-breakpoint
CREATE INDEX `cases_version` ON `cases` (`matter`,`machine_version`,`machine_definition`);
CREATE TABLE `cases` (
	`id` text PRIMARY KEY NOT NULL,
	`matter` text NOT NULL,
	`machine_id` text NOT NULL,
	`machine_version` text NOT NULL,
	`machine_definition` text NOT NULL,
	`owner` text NOT NULL,
	`state` text NOT NULL,
	`leaves` text NOT NULL,
	`seq` integer NOT NULL,
	`head` text NOT NULL,
	`refusals` integer NOT NULL,
	`refusal_head` text NOT NULL,
	`opened_at` text NOT NULL,
	`updated_at` text NOT NULL,
	FOREIGN KEY (`owner`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `cases_opened` ON `cases` (`opened_at`,`id`);--> statement-breakpoint
CREATE INDEX `cases_owner` ON `cases` (`owner`,`opened_at`);--> statement-breakpoint
CREATE TABLE `claims` (
	`scope` text NOT NULL,
	`subject` text NOT NULL,
	`case_id` text NOT NULL,
	PRIMARY KEY(`scope`, `subject`),
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `claims_case` ON `claims` (`case_id`);--> statement-breakpoint
CREATE TABLE `entries` (
	`id` integer PRIMARY KEY NOT NULL,
	`case_id` text NOT NULL,
	`kind` text NOT NULL,
	`seq` integer NOT NULL,
	`bytes` text NOT NULL,
	`digest` text NOT NULL,
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `entries_place` ON `entries` (`case_id`,`kind`,`seq`);--> statement-breakpoint
CREATE TABLE `keys` (
	`scope` text NOT NULL,
	`key` text NOT NULL,
	`case_id` text NOT NULL,
	`event` text NOT NULL,
	`fields` text NOT NULL,
	`seq` integer NOT NULL,
	`wait_ms` integer NOT NULL,
	PRIMARY KEY(`scope`, `key`),
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `marks` (
	`id` integer PRIMARY KEY NOT NULL,
	`scope` text NOT NULL,
	`subject` text NOT NULL,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `marks_subject` ON `marks` (`scope`,`subject`,`at`);--> statement-breakpoint
CREATE INDEX `marks_at` ON `marks` (`at`);--> statement-breakpoint
CREATE TABLE `persons` (
	`id` text PRIMARY KEY NOT NULL,
	`wrapped_key` blob NOT NULL,
	`nickname` blob,
	`avatar_digest` text,
	`avatar_type` text,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`digest` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`channel` text NOT NULL,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `subjects` (
	`subject` text NOT NULL,
	`case_id` text NOT NULL,
	`person_id` text NOT NULL,
	PRIMARY KEY(`subject`, `case_id`),
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `subjects_person` ON `subjects` (`person_id`);--> statement-breakpoint
CREATE TABLE `tasks` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`case_id` text NOT NULL,
	`kind` text NOT NULL,
	`ref` text NOT NULL,
	`name` text NOT NULL,
	`key` text NOT NULL,
	`input` text NOT NULL,
	`due_at` text NOT NULL,
	`attempts` integer NOT NULL,
	`owner` text,
	`claimable_at` text NOT NULL,
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `tasks_claimable` ON `tasks` (`claimable_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_ref` ON `tasks` (`case_id`,`ref`);--> statement-breakpoint
CREATE TABLE `tokens` (
	`digest` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`role` text NOT NULL,
	`name` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tokens_id_unique` ON `tokens` (`id`);--> statement-breakpoint
CREATE TABLE `vault` (
	`id` integer PRIMARY KEY NOT NULL,
	`case_id` text NOT NULL,
	`seq` integer NOT NULL,
	`field` text NOT NULL,
	`digest` text NOT NULL,
	`sealed` blob NOT NULL,
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `vault_case` ON `vault` (`case_id`,`seq`);
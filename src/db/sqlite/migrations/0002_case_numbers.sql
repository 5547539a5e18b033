-- Foreign keys are off while migrations run: src/db/open.ts.
CREATE TABLE `__new_cases` (
	`no` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
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
	`reads` integer NOT NULL,
	`read_head` text NOT NULL,
	`opened_at` text NOT NULL,
	`updated_at` text NOT NULL,
	FOREIGN KEY (`owner`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_cases` (`id`, `matter`, `machine_id`, `machine_version`, `machine_definition`, `owner`, `state`, `leaves`, `seq`, `head`, `refusals`, `refusal_head`, `reads`, `read_head`, `opened_at`, `updated_at`)
SELECT `id`, `matter`, `machine_id`, `machine_version`, `machine_definition`, `owner`, `state`, `leaves`, `seq`, `head`, `refusals`, `refusal_head`, 0, '', `opened_at`, `updated_at` FROM `cases` ORDER BY `opened_at`, `id`;
--> statement-breakpoint
CREATE TABLE `__new_claims` (
	`scope` text NOT NULL,
	`subject` text NOT NULL,
	`case_no` integer NOT NULL,
	PRIMARY KEY(`scope`, `subject`),
	FOREIGN KEY (`case_no`) REFERENCES `cases`(`no`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_claims` (`scope`, `subject`, `case_no`)
SELECT t.`scope`, t.`subject`, c.`no` FROM `claims` t JOIN `__new_cases` c ON c.`id` = t.`case_id`;
--> statement-breakpoint
CREATE TABLE `__new_entries` (
	`id` integer PRIMARY KEY NOT NULL,
	`case_no` integer,
	`kind` text NOT NULL,
	`seq` integer NOT NULL,
	`bytes` text NOT NULL,
	`digest` text NOT NULL,
	FOREIGN KEY (`case_no`) REFERENCES `cases`(`no`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_entries` (`id`, `case_no`, `kind`, `seq`, `bytes`, `digest`)
SELECT t.`id`, c.`no`, t.`kind`, t.`seq`, t.`bytes`, t.`digest` FROM `entries` t JOIN `__new_cases` c ON c.`id` = t.`case_id` ORDER BY t.`id`;
--> statement-breakpoint
CREATE TABLE `__new_keys` (
	`scope` text NOT NULL,
	`key` text NOT NULL,
	`case_no` integer NOT NULL,
	`event` text NOT NULL,
	`fields` text NOT NULL,
	`seq` integer NOT NULL,
	`wait_ms` integer NOT NULL,
	PRIMARY KEY(`scope`, `key`),
	FOREIGN KEY (`case_no`) REFERENCES `cases`(`no`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_keys` (`scope`, `key`, `case_no`, `event`, `fields`, `seq`, `wait_ms`)
SELECT t.`scope`, t.`key`, c.`no`, t.`event`, t.`fields`, t.`seq`, t.`wait_ms` FROM `keys` t JOIN `__new_cases` c ON c.`id` = t.`case_id`;
--> statement-breakpoint
CREATE TABLE `__new_subjects` (
	`subject` text NOT NULL,
	`case_no` integer NOT NULL,
	`person_id` text NOT NULL,
	PRIMARY KEY(`subject`, `case_no`),
	FOREIGN KEY (`case_no`) REFERENCES `cases`(`no`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_subjects` (`subject`, `case_no`, `person_id`)
SELECT t.`subject`, c.`no`, t.`person_id` FROM `subjects` t JOIN `__new_cases` c ON c.`id` = t.`case_id`;
--> statement-breakpoint
CREATE TABLE `__new_tasks` (
	`id` integer PRIMARY KEY NOT NULL,
	`case_no` integer NOT NULL,
	`kind` text NOT NULL,
	`ref` text NOT NULL,
	`name` text NOT NULL,
	`key` text NOT NULL,
	`input` text NOT NULL,
	`due_at` text NOT NULL,
	`attempts` integer NOT NULL,
	`owner` text,
	`claimable_at` text NOT NULL,
	FOREIGN KEY (`case_no`) REFERENCES `cases`(`no`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_tasks` (`id`, `case_no`, `kind`, `ref`, `name`, `key`, `input`, `due_at`, `attempts`, `owner`, `claimable_at`)
SELECT t.`id`, c.`no`, t.`kind`, t.`ref`, t.`name`, t.`key`, t.`input`, t.`due_at`, t.`attempts`, t.`owner`, t.`claimable_at` FROM `tasks` t JOIN `__new_cases` c ON c.`id` = t.`case_id` ORDER BY t.`id`;
--> statement-breakpoint
CREATE TABLE `__new_vault` (
	`id` integer PRIMARY KEY NOT NULL,
	`case_no` integer NOT NULL,
	`seq` integer NOT NULL,
	`field` text NOT NULL,
	`digest` text NOT NULL,
	`sealed` blob NOT NULL,
	FOREIGN KEY (`case_no`) REFERENCES `cases`(`no`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_vault` (`id`, `case_no`, `seq`, `field`, `digest`, `sealed`)
SELECT t.`id`, c.`no`, t.`seq`, t.`field`, t.`digest`, t.`sealed` FROM `vault` t JOIN `__new_cases` c ON c.`id` = t.`case_id` ORDER BY t.`id`;
--> statement-breakpoint
DROP TABLE `claims`;
--> statement-breakpoint
DROP TABLE `entries`;
--> statement-breakpoint
DROP TABLE `keys`;
--> statement-breakpoint
DROP TABLE `subjects`;
--> statement-breakpoint
DROP TABLE `tasks`;
--> statement-breakpoint
DROP TABLE `vault`;
--> statement-breakpoint
DROP TABLE `cases`;
--> statement-breakpoint
ALTER TABLE `__new_cases` RENAME TO `cases`;
--> statement-breakpoint
ALTER TABLE `__new_claims` RENAME TO `claims`;
--> statement-breakpoint
ALTER TABLE `__new_entries` RENAME TO `entries`;
--> statement-breakpoint
ALTER TABLE `__new_keys` RENAME TO `keys`;
--> statement-breakpoint
ALTER TABLE `__new_subjects` RENAME TO `subjects`;
--> statement-breakpoint
ALTER TABLE `__new_tasks` RENAME TO `tasks`;
--> statement-breakpoint
ALTER TABLE `__new_vault` RENAME TO `vault`;
--> statement-breakpoint
CREATE INDEX `claims_case` ON `claims` (`case_no`);
--> statement-breakpoint
CREATE UNIQUE INDEX `entries_place` ON `entries` (`case_no`,`kind`,`seq`);
--> statement-breakpoint
CREATE UNIQUE INDEX `entries_service` ON `entries` (`seq`) WHERE case_no is null;
--> statement-breakpoint
CREATE INDEX `subjects_person` ON `subjects` (`person_id`);
--> statement-breakpoint
CREATE INDEX `tasks_claimable` ON `tasks` (`claimable_at`);
--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_ref` ON `tasks` (`case_no`,`ref`);
--> statement-breakpoint
CREATE INDEX `vault_case` ON `vault` (`case_no`,`seq`);
--> statement-breakpoint
CREATE UNIQUE INDEX `cases_id_unique` ON `cases` (`id`);
--> statement-breakpoint
CREATE INDEX `cases_opened` ON `cases` (`opened_at`);
--> statement-breakpoint
CREATE INDEX `cases_owner` ON `cases` (`owner`,`opened_at`);
--> statement-breakpoint
CREATE TRIGGER `entries_no_update` BEFORE UPDATE ON `entries` BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `entries_no_delete` BEFORE DELETE ON `entries` BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `entries_no_replace` BEFORE INSERT ON `entries`
WHEN EXISTS (
  SELECT 1 FROM `entries`
  WHERE `id` = NEW.`id` OR (`case_no` IS NEW.`case_no` AND `kind` = NEW.`kind` AND `seq` = NEW.`seq`)
) BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;

CREATE TABLE `erasures` (
	`id` integer PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`reason` text NOT NULL,
	`at` text NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `erasures_person_id_unique` ON `erasures` (`person_id`);--> statement-breakpoint
CREATE TABLE `key_epochs` (
	`epoch` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL
);

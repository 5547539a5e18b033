/** What is published: the store's part of it. */
export interface LogSource {
  findLogSize(): Promise<number>;
  readLog(fromIndex: number, limit: number): Promise<LogRow[]>;
}
export interface LogRow {
  kind: string;
  seq: number;
  bytes: string;
}

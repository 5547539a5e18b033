import Database from 'better-sqlite3';

type Prepare = (this: Database.Database, source: string) => Database.Statement;

/** What a planted fault has a statement do instead; `really` does what it would have done. */
export type Stand = (client: Database.Database, really: () => unknown) => unknown;

/** Plants a fault in this process: the statements named, in lower case, of the server's own database run otherwise. */
export function replaceStatements(stands: Record<string, Stand>): void {
  const { prototype } = Database as unknown as { prototype: { prepare: Prepare } };
  const { prepare } = prototype;
  prototype.prepare = function planted(source) {
    const statement = prepare.call(this, source);
    const stand = stands[source.toLowerCase()];
    if (!stand || !this.name.endsWith('banjian.db')) return statement;
    const really = statement.run.bind(statement);
    return Object.assign(Object.create(statement), { run: () => stand(this, really) });
  };
}

type Pragma = (this: Database.Database, source: string, options?: Database.PragmaOptions) => unknown;

/** Plants another setting in this process, which says of itself that it is the one asked for. */
export function replacePragma(name: string, asked: string, value: string, readBack: unknown): void {
  const { prototype } = Database as unknown as { prototype: { pragma: Pragma } };
  const { pragma } = prototype;
  prototype.pragma = function planted(source, options) {
    if (source === name) return readBack;
    return pragma.call(this, source === `${name} = ${asked}` ? `${name} = ${value}` : source, options);
  };
}

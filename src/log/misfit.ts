/** What of a note, a proof or a log does not fit. */
export type MisfitKind =
  | 'note'
  | 'key'
  | 'unsigned'
  | 'signature'
  | 'checkpoint'
  | 'origin'
  | 'proof'
  | 'index'
  | 'path'
  | 'entry'
  | 'bundle'
  | 'tile'
  | 'rotation';

/** Something that was to be believed, and is not. The message says what was expected and what was found. */
export class Misfit extends Error {
  override name = 'Misfit';
  readonly kind: MisfitKind;

  constructor(kind: MisfitKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

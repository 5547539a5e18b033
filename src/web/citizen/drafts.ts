const PREFIX = 'banjian.draft.';

export type Values = Record<string, string | boolean>;

/**
 * What was typed and not yet sent. It is kept for this tab alone and goes with it; passwords and codes are never handed
 * in, and so never kept.
 */
export function readDraft(name: string): Values {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name) ?? '{}');
  } catch {
    return {};
  }
}

export function keepDraft(name: string, values: Values): void {
  if (Object.keys(values).length === 0) sessionStorage.removeItem(PREFIX + name);
  else sessionStorage.setItem(PREFIX + name, JSON.stringify(values));
}

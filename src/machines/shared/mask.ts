/** What a page shows of a personal value. A value of another shape than expected is hidden whole. */

/** The first five characters, then stars. */
export function maskIdNumber(idNumber: string): string {
  return /^\d{17}[\dX]$/.test(idNumber) ? idNumber.slice(0, 5) + '*'.repeat(13) : '*'.repeat(18);
}

/** The first three and the last four digits. */
export function maskMobile(mobile: string): string {
  return /^\d{11}$/.test(mobile) ? `${mobile.slice(0, 3)}****${mobile.slice(7)}` : '*'.repeat(11);
}

/** The first character, then a star for each other one. Characters beyond U+FFFF (Ext-B) count once. */
export function maskName(name: string): string {
  const [first = '', ...others] = name;
  return first + '*'.repeat(others.length);
}

/** The year only. */
export function maskDate(date: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date.slice(0, 4)}-**-**` : '****-**-**';
}

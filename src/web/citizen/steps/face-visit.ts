const PREFIX = 'banjian.face.';

/** That this tab has left for the camera of a check: whoever comes back from there need not say so. */
export function leaveForCamera(caseId: string, url: string): void {
  sessionStorage.setItem(PREFIX + caseId, url);
  location.assign(url);
}

/** Once: a check that was not finished is not asked for again by itself. */
export function isBackFromCamera(caseId: string, url: string): boolean {
  const place = PREFIX + caseId;
  const left = sessionStorage.getItem(place) === url;
  if (left) sessionStorage.removeItem(place);
  return left;
}

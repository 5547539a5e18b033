import type { Role } from '../../engine/types.ts';

/** Every event of figures 5 to 9 is the applicant's. The enterprise's and the authority's events come with their part. */
export const APPLICANT: Role[] = ['applicant'];

/** Figure 8 [ours]: the clauses are grounds for refusing a registration; here they are declared and block nobody. */
export const PLEDGE_VERSION = '1';

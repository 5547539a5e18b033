export { noProviders } from '../../src/providers/none.ts';

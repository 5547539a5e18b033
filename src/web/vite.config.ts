import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Two applications that share what they can: citizens at /, auditors at /audit. */
export default defineConfig({
  root: here('.'),
  base: '/',
  publicDir: false,
  logLevel: 'warn',
  // Type checks are tsc's; JSX needs no plugin: Vue has a runtime for it.
  oxc: { jsx: { runtime: 'automatic', importSource: 'vue' } },
  define: {
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
  },
  build: {
    target: ['chrome100', 'safari15.4', 'firefox100'],
    emptyOutDir: true,
    // An inlined asset is a data: address, and the policy of the pages knows none for fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { citizen: here('citizen/index.html'), audit: here('audit/index.html') } },
  },
});

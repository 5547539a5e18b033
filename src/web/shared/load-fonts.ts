/** A last resort, asked for after the page is there: a browser takes of it only what no font of the machine has, a hundred characters a file. */
export function loadFonts(): void {
  import('@fontsource-variable/noto-sans-sc/index.css').catch(() => {});
}

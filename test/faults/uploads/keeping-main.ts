/** The real server, which forgets nothing that it ever put together: what the measurement must catch. */
const kept: Buffer[] = [];
const concat = Buffer.concat.bind(Buffer);
Buffer.concat = (...parts: Parameters<typeof concat>) => {
  const whole = concat(...parts);
  if (whole.length > 100_000) kept.push(whole);
  return whole;
};

await import('../server-main.ts');

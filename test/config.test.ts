import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';
import { ed25519Keys, SIGNATURE_TYPES } from '../src/log/note.ts';

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('a configuration', () => {
  it('needs nothing to be said', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      logLevel: 'info',
      trustProxy: false,
      identityPerHour: 120,
      smsPerHour: 60,
      publicUrl: undefined,
    });
  });

  it('lets the system choose the port, and keeps the key with the data unless told otherwise', () => {
    const config = readConfig({ PORT: '0', BANJIAN_DATA: '/somewhere' });
    expect(config).toMatchObject({ port: 0, dataDir: '/somewhere', keyFile: '/somewhere/banjian.key' });
    expect(readConfig({ BANJIAN_KEY_FILE: '/safe/key' }).keyFile).toBe('/safe/key');
  });

  it('keeps the keys of the public log beside the data folder, not in it', () => {
    const config = readConfig({ BANJIAN_DATA: '/somewhere/data' });
    expect(config).toMatchObject({
      logKeyFile: '/somewhere/data.keys/log.json',
      logOrigin: 'banjian.local/log',
      logSm2: false,
      logWitnesses: [],
    });
    expect(readConfig({ BANJIAN_LOG_KEY_FILE: '/safe/log', BANJIAN_LOG_SM2: 'yes' })).toMatchObject({
      logKeyFile: '/safe/log',
      logSm2: true,
    });
    expect(problemsOf({ BANJIAN_LOG_ORIGIN: 'a log' })).toHaveLength(1);
  });

  it('takes witnesses by their address and key, and no key that is not one of a witness', () => {
    const { vkey } = ed25519Keys('witness.example', Buffer.alloc(32, 1), SIGNATURE_TYPES.cosignature);
    const two = `https://a.example/w/ ${vkey}, http://b.example ${vkey}`;
    expect(readConfig({ BANJIAN_LOG_WITNESSES: two }).logWitnesses).toEqual([
      { url: 'https://a.example/w', vkey },
      { url: 'http://b.example', vkey },
    ]);
    const { vkey: ofLog } = ed25519Keys('log.example', Buffer.alloc(32, 1));
    for (const wrong of ['https://a.example', `a.example ${vkey}`, `https://a.example ${ofLog}`]) {
      expect(problemsOf({ BANJIAN_LOG_WITNESSES: wrong })).toHaveLength(1);
    }
  });

  it('names every problem, not the first', () => {
    const problems = problemsOf({ PORT: 'many', LOG_LEVEL: 'loud', BANJIAN_SMS_PER_HOUR: '-1' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'LOG_LEVEL',
      'BANJIAN_SMS_PER_HOUR',
    ]);
  });

  it('says each problem in Chinese and in English', () => {
    expect(problemsOf({ PORT: '70000' })[0]).toBe(
      'PORT: 应为0 至 65535 之间的整数。 Expected a whole number from 0 to 65535.',
    );
  });

  it('knows a name that was mistyped', () => {
    expect(problemsOf({ BANJIAN_PROVIDER: 'simulator' })[0]).toContain('BANJIAN_PROVIDER:');
  });

  it('says honestly that there are no live providers yet', () => {
    expect(problemsOf({ BANJIAN_PROVIDERS: 'live' })).toEqual([
      expect.stringContaining('No live providers are built in yet; they belong in src/providers/'),
    ]);
  });

  it('refuses simulators in production, unless that is what is wanted', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toHaveLength(1);
    expect(problemsOf({ NODE_ENV: 'production', BANJIAN_ALLOW_SIMULATOR: 'yes' })).toEqual([]);
  });

  it.each([
    ['off', false],
    ['2', 2],
    ['loopback', 'loopback'],
    ['10.0.0.0/8,::1', '10.0.0.0/8,::1'],
  ])('trusts proxies as told: %s', (value, trust) => {
    expect(readConfig({ BANJIAN_TRUST_PROXY: value }).trustProxy).toBe(trust);
  });

  it('trusts nobody on a vague word', () => {
    expect(problemsOf({ BANJIAN_TRUST_PROXY: 'true' })).toHaveLength(1);
  });

  it('takes a public address without the slash at its end', () => {
    expect(readConfig({ BANJIAN_PUBLIC_URL: 'https://x.example/b/' }).publicUrl).toBe('https://x.example/b');
    expect(problemsOf({ BANJIAN_PUBLIC_URL: 'ftp://x.example' })).toHaveLength(1);
  });
});

import { describe, expect, test } from 'vitest';
import { chartOf } from '../../src/chart/chart.ts';
import { labelOf } from '../../src/chart/label.ts';
import { toMermaid } from '../../src/chart/mermaid.ts';
import { fixtureMachine } from './fixture-machine.ts';
import { oddMachine } from './odd-machine.ts';

const chart = chartOf(fixtureMachine);
const text = toMermaid(chart);
const lines = text.split('\n').map((line) => line.trim());
const oddText = toMermaid(chartOf(oddMachine));

describe('a machine as a Mermaid diagram', () => {
  test('holds every state once', () => {
    for (const { id } of chart.nodes) {
      const name = new RegExp(`^state ".+" as ${id.replaceAll('.', '_')}( \\{)?$`);
      expect(lines.filter((line) => name.test(line))).toHaveLength(1);
    }
  });

  test('holds every transition', () => {
    const labels = lines.flatMap((line) => / --> \S+ : (?:↺ )?(.+)$/.exec(line)?.[1] ?? []);
    expect(labels).toEqual(chart.transitions.map((transition) => labelOf(chart, transition)));
    expect(lines).toContain('identity_entering --> identity_checking : identity.submit');
    expect(lines).toContain('notice_reading --> notice_reading : ↺ notice.acknowledge');
    expect(lines).toContain('form_asLeft --> form_normal');
  });

  test('shows where frames start and end, and regions side by side', () => {
    expect(lines).toContain('[*] --> identity_entering');
    expect(lines).toContain('registration_form_created --> [*]');
    expect(lines.filter((line) => line === '--')).toHaveLength(1);
  });

  test('keeps arrows between states out of the blocks, where Mermaid would move the states', () => {
    const arrows = text.split('\n').filter((line) => line.includes(' --> ') && !line.includes('[*]'));
    expect(arrows.filter((line) => !/^ {2}\S/.test(line))).toEqual([]);
  });

  test('a frame that leads to its own inside has a stand-in there, as Mermaid draws no such arrow', () => {
    expect(lines).toContain('state "▢ smsCode" as registration_smsCode_itself');
    expect(lines).toContain(
      'registration_smsCode_itself --> registration_smsCode_used : registration.submit [codeSent]',
    );
    expect(lines).toContain('deregistration_itself --> withdrawn : case.withdraw');
  });

  test('has ids of letters, digits and underscores only, each once and none of them reserved', () => {
    const ids = [...oddText.matchAll(/ as (\S+)/g)].map((found) => found[1]?.toLowerCase());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[\p{L}\p{N}_]+$/u.test(id ?? ''))).toEqual([]);
    expect(ids).not.toContain('end');
    expect(ids).not.toContain('note');
  });

  test('escapes whatever would end a name or a label', () => {
    expect(oddText).toContain('state "a #60;#38;#34; b" as ');
    expect(oddText).toContain(': go#59;now#58; #123;x#125; #37;#37; #96;y#96; #35;1');
  });

  test('is the same every time', () => {
    expect(toMermaid(chartOf(fixtureMachine))).toBe(text);
  });
});

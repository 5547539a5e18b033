import type { Text } from '../engine/types.ts';

/** Figure 1. Three of the four have no matters in the guide: they are shown, and say so. */
export const professions: { id: string; title: Text }[] = [
  { id: 'constructor', title: { zh: '建造师', en: 'Constructor' } },
  { id: 'registered-architect', title: { zh: '注册建筑师', en: 'Registered architect' } },
  { id: 'supervision-engineer', title: { zh: '监理工程师', en: 'Supervision engineer' } },
  { id: 'survey-design-engineer', title: { zh: '勘察设计工程师', en: 'Survey and design engineer' } },
];

export interface GuideMatter {
  id: string;
  profession: string;
  kind: string;
  title: Text;
}

/** Figure 3, in its order. */
export const guideMatters: GuideMatter[] = [
  supervisionEngineer('initial', '初始注册', 'initial registration'),
  supervisionEngineer('renewal', '延续注册', 'renewal'),
  supervisionEngineer('change', '变更注册', 'change of registration'),
  supervisionEngineer('reissue', '遗失破损补办注册', 'reissue after loss or damage'),
  supervisionEngineer('deregistration', '注销注册', 'deregistration'),
];

export const notOffered: Text = { zh: '该事项暂未在此开通', en: 'Not yet offered here.' };

export function isGuideMatter(id: string): boolean {
  return guideMatters.some((matter) => matter.id === id);
}

function supervisionEngineer(kind: string, zh: string, en: string): GuideMatter {
  return {
    id: `supervision-engineer-${kind}`,
    profession: 'supervision-engineer',
    kind,
    title: { zh: `监理工程师执业资格认定(${zh})`, en: `Supervision engineer qualification: ${en}` },
  };
}

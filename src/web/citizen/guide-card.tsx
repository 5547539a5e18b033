import type { FunctionalComponent } from 'vue';
import type { Matter } from './case-types.ts';
import { Facts } from './ui/facts.tsx';
import { Tabs } from './ui/tabs.tsx';

interface GuideTab {
  tab: string;
  items: { label: string; text: string }[];
}

/** Figure 4: what the guide of a matter says, tab by tab. */
export const GuideCard: FunctionalComponent<{ matter: Matter }> = ({ matter }) => {
  const tabs = matter.guide as GuideTab[];
  return (
    <>
      <h2 class="matter-title">{matter.title}</h2>
      <Tabs
        label={matter.title}
        tabs={tabs.map(({ tab, items }) => ({
          title: tab,
          body: () => <Facts facts={items.map(({ label, text }) => ({ label, value: text }))} />,
        }))}
      />
    </>
  );
};
GuideCard.props = ['matter'];

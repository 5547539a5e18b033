import 'vant/es/style/base.css';
import 'vant/es/button/index.css';
import 'vant/es/loading/index.css';
import { Button } from 'vant';
import type { FunctionalComponent } from 'vue';

interface Props {
  title: string;
  plain?: boolean;
  danger?: boolean;
  busy?: boolean;
  /** Sends the form it stands in. */
  submit?: boolean;
  onClick?: (() => void) | undefined;
}

/** The wide buttons at the foot of a figure. While it works it stays focusable, and does nothing. */
export const Action: FunctionalComponent<Props> = ({ title, plain, danger, busy, submit, onClick }) => (
  <Button
    block
    round
    plain={plain ?? false}
    type={danger ? 'danger' : 'primary'}
    nativeType={submit ? 'submit' : 'button'}
    loading={busy ?? false}
    loadingText={title}
    aria-busy={busy ?? false}
    onClick={() => {
      if (!busy) onClick?.();
    }}
  >
    {title}
  </Button>
);
Action.props = ['title', 'plain', 'danger', 'busy', 'submit', 'onClick'];

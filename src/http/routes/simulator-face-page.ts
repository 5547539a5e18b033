/** The page needs its own script and style and nothing else, so nothing else may load. */
export const faceCsp =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

export const facePage = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>人脸识别(模拟) · Face check (simulation)</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/simulator/face.css">
<script src="/simulator/face.js" defer></script>
</head>
<body>
<main>
<svg viewBox="0 0 120 120" aria-hidden="true"><path d="M14 36V22a8 8 0 0 1 8-8h14M84 14h14a8 8 0 0 1 8 8v14M106 84v14a8 8 0 0 1-8 8H84M36 106H22a8 8 0 0 1-8-8V84"/><path d="M60 30c14 0 23 10 23 25S73 86 60 86 37 70 37 55s9-25 23-25zM50 54v3M70 54v3M60 56v8M51 72c5 4 13 4 18 0"/></svg>
<h1>人脸识别(模拟)<span lang="en">Face check (simulation)</span></h1>
<p><strong>这是模拟页面:不会打开摄像头,也不会采集任何人脸信息。请选择本次核验的结果。</strong>
<span lang="en">This is a simulation. No camera is opened and no face data is collected. Choose how the check ends.</span></p>
<div class="outcomes" role="group" aria-label="核验结果 Outcome">
<button type="button" data-outcome="pass">通过<span lang="en">Pass</span></button>
<button type="button" data-outcome="mismatch">不符<span lang="en">Mismatch</span></button>
<button type="button" data-outcome="unfinished">未完成<span lang="en">Unfinished</span></button>
<button type="button" data-outcome="down">服务不可用<span lang="en">Service down</span></button>
</div>
<p id="result" role="status"></p>
<noscript><p>此页面需要启用 JavaScript。<span lang="en">This page needs JavaScript.</span></p></noscript>
</main>
</body>
</html>
`;

/** Texts are set as text, never as markup. */
export const faceScript = `const result = document.querySelector('#result');
const buttons = document.querySelectorAll('[data-outcome]');
for (const button of buttons) button.addEventListener('click', () => choose(button.dataset.outcome));

async function choose(outcome) {
  try {
    const response = await fetch(location.pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ outcome }),
    });
    show(response.ok ? (await response.json()).outcome : undefined);
    // As a real check does: back to where the person came from.
    if (response.ok) history.back();
  } catch {
    show(undefined);
  }
}

function show(outcome) {
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.outcome === outcome));
  result.textContent = outcome
    ? '已记录,请返回原页面继续办理。 Recorded: go back to the page you came from and go on.'
    : '未能记录:核验可能已过期,请返回原页面重新开始。 Not recorded: the check may have expired; go back and start again.';
}
`;

export const faceStyle = `:root { font-family: system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif; line-height: 1.6 }
body { margin: 0; min-height: 100vh; background: #101a2b; color: #f2f5f9 }
main { max-width: 28rem; margin: 0 auto; padding: 1.5rem 1rem; text-align: center }
svg { width: 11rem; fill: none; stroke: #7fb2f5; stroke-width: 2.5; stroke-linecap: round }
h1 { margin: .5rem 0; font-size: 1.4rem }
span[lang="en"] { display: block; font-size: .875em; font-weight: normal }
.outcomes { display: grid; gap: .75rem; margin-top: 1.25rem }
button { min-height: 3.5rem; padding: .5rem; border: 1px solid #7fb2f5; border-radius: .75rem; background: #1b2a44; color: inherit; font: inherit; cursor: pointer }
button:focus-visible, button[aria-pressed="true"] { outline: 3px solid #7fb2f5; outline-offset: 2px }
`;

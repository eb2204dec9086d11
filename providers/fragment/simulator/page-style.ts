/** One style for the page: calm, one column, from 320 px on, in the person's colour scheme. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --bg: #f2f3f5; --surface: #ffffff; --text: #16181d; --hint: #5d6573; --line: #e3e6ea; --soft: #eef0f3;
  --accent: #2a6fdb; --on-accent: #ffffff; --ok: #1c7c43; --bad: #b3362b; --wait: #7a5200; --wait-bg: #fbf0d9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #101216; --surface: #1a1d23; --text: #f0f2f5; --hint: #9aa3b2; --line: #2b3038; --soft: #262b33;
    --accent: #4c8df0; --on-accent: #0b1220; --ok: #5cc98a; --bad: #f0867b; --wait: #f0c977; --wait-bg: #332a17;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  background: var(--bg); color: var(--text);
  font: 400 15px/20px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  min-height: 100vh; padding: 16px; -webkit-text-size-adjust: 100%;
}
main { max-width: 640px; margin: 0 auto; display: grid; gap: 12px; }
main > * { min-width: 0; }
.mark {
  background: var(--wait-bg); color: var(--wait); border-radius: 10px; padding: 8px 12px;
  font-size: 13px; line-height: 18px; font-weight: 510; text-align: center;
}
.card { background: var(--surface); border-radius: 14px; overflow: hidden; }
.block { padding: 14px 16px 16px; display: grid; gap: 4px; }
.hint { color: var(--hint); font-size: 13px; line-height: 18px; }
.none { padding: 4px 16px 16px; }
h1 { font-size: 20px; line-height: 26px; font-weight: 650; }
h2 { font-size: 13px; line-height: 18px; font-weight: 510; color: var(--hint); padding: 12px 16px 4px; }
ul { list-style: none; padding: 0; }
li { padding: 10px 16px 12px; display: grid; gap: 4px; overflow-wrap: anywhere; }
li + li { border-top: 1px solid var(--line); }
.line { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 2px 12px; }
strong { font-weight: 590; font-variant-numeric: tabular-nums; }
.delivered, .good { color: var(--ok); } .refused, .lost, .bad { color: var(--bad); }
.asked, .waiting { color: var(--wait); }
.acts { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
button {
  font: inherit; font-weight: 510; cursor: pointer; min-height: 44px; padding: 8px 14px; border: 0;
  border-radius: 10px; background: var(--soft); color: var(--text);
}
.main { background: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button:active { opacity: .75; }
@media (min-width: 600px) { body { padding-top: 32px; } }
`;

/** One style for the payment pages of all simulators: calm, one column, from 320 px on, in the payer's colours. */
export const pageStyle = `
:root {
  --bg: #f2f3f5; --surface: #ffffff; --text: #16181d; --hint: #5d6573; --line: #e3e6ea;
  --accent: #2a6fdb; --on-accent: #ffffff; --ok: #1c7c43; --bad: #b3362b; --wait: #7a5200; --wait-bg: #fbf0d9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #101216; --surface: #1a1d23; --text: #f0f2f5; --hint: #9aa3b2; --line: #2b3038;
    --accent: #4c8df0; --on-accent: #0b1220; --ok: #5cc98a; --bad: #f0867b; --wait: #f0c977; --wait-bg: #332a17;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  background: var(--bg); color: var(--text);
  font: 400 15px/20px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  min-height: 100vh; padding: 16px; -webkit-text-size-adjust: 100%;
}
main { max-width: 400px; margin: 0 auto; display: grid; gap: 12px; }
.mark {
  background: var(--wait-bg); color: var(--wait); border-radius: 10px; padding: 8px 12px;
  font-size: 13px; line-height: 18px; font-weight: 510; text-align: center;
}
.bill {
  background: var(--surface); border-radius: 14px; padding: 20px 16px; display: grid; gap: 4px; text-align: center;
}
.amount {
  font-size: 34px; line-height: 41px; font-weight: 650; font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
.amount small { font-size: 17px; color: var(--hint); font-weight: 510; }
.what { overflow-wrap: anywhere; }
.hint { color: var(--hint); font-size: 13px; line-height: 18px; }
.id { font-size: 12px; line-height: 16px; overflow-wrap: anywhere; margin-top: 4px; }
.center, .title { text-align: center; }
.title { font-size: 20px; line-height: 25px; font-weight: 650; }
button, .pay, .later {
  font: inherit; cursor: pointer; width: 100%; min-height: 48px; border: 0; border-radius: 10px;
}
.pay, .later { display: grid; place-items: center; text-align: center; text-decoration: none; padding: 12px 16px; }
.pay { background: var(--accent); color: var(--on-accent); font-weight: 650; font-size: 17px; line-height: 22px; }
.later { background: transparent; color: var(--accent); font-weight: 510; }
section { background: var(--surface); border-radius: 14px; overflow: hidden; margin-top: 8px; }
h2 { font-size: 13px; line-height: 18px; font-weight: 510; color: var(--hint); padding: 12px 16px 4px; }
.row {
  display: flex; justify-content: space-between; align-items: center; gap: 12px; padding: 8px 12px 8px 16px;
  background: transparent; color: var(--text); text-align: left; border-radius: 0;
}
section form + form .row { border-top: 1px solid var(--line); }
.row svg { color: var(--hint); flex: none; }
.sign {
  width: 56px; height: 56px; border-radius: 50%; margin: 12px auto 0; display: grid; place-items: center;
  color: var(--surface);
}
.sign svg { width: 28px; height: 28px; }
.ok { background: var(--ok); }
.bad { background: var(--bad); }
.wait { background: var(--wait); }
.coins { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
.coin { background: var(--surface); color: var(--text); min-height: 56px; font-weight: 510; border-radius: 14px; }
.coin small { display: block; color: var(--hint); font-weight: 400; font-variant-numeric: tabular-nums; }
.address {
  background: var(--surface); border-radius: 14px; padding: 12px 16px; overflow-wrap: anywhere;
  font: 400 13px/18px ui-monospace, 'SF Mono', Menlo, monospace;
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button:active, a:active { opacity: .75; }
@media (min-width: 600px) { body { padding-top: 48px; } }
`;

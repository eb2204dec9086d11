import { variableDefault, variableFacts, variableNames } from './config-schema.ts';

const header = [
  '# Every variable that Holdfast reads, made from the configuration schema by `npx holdfast env-example`.',
  '# Nothing here is needed for `npm start`: embedded mode brings or makes what is missing.',
];

/** The text of `.env.example`: each variable with what it is for, its default, and an example commented out. */
export function envExample(): string {
  const lines = [...header];
  let group = '';
  for (const name of variableNames) {
    const facts = variableFacts(name);
    if (facts.group !== group) lines.push('', `# --- ${facts.group} ---`);
    group = facts.group;
    const fallback = variableDefault(name);
    lines.push(
      `# ${facts.about}${fallback === undefined ? '' : ` Default: ${fallback}.`}`,
      `#${name}=${facts.example}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

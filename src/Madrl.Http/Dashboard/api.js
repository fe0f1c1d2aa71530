// The silo's HTTP API. Failures come as errors whose message is what the silo said, or that it said nothing.

const patience = 10_000;

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status; // 0: the silo did not answer
  }
}

// Seeds go up to 2^64, further than numbers are exact here: those stay texts, where the browser gives the source.
const exactSeed = (key, value, context) =>
  key === 'seed' && !Number.isSafeInteger(value) && context?.source ? context.source : value;

export async function ask(path, method = 'GET') {
  let response, text;
  try {
    response = await fetch(path, { method, cache: 'no-store', signal: AbortSignal.timeout(patience) });
    text = await response.text();
  } catch {
    throw new Refusal(0, 'The silo is not reachable.');
  }

  let answer = null;
  try {
    if (text) answer = JSON.parse(text, exactSeed);
  } catch {
    throw new Refusal(response.status, `The silo's answer (${response.status}) cannot be read.`);
  }

  if (response.ok) return answer;
  const message = answer?.detail || answer?.title || `The silo answered ${response.status}.`;
  throw Object.assign(new Refusal(response.status, message), { answer });
}

export const addressOf = (run, rest = '') => `/api/v1/runs/${encodeURIComponent(run)}${rest}`;

// ok, starting, stopping or unreachable.
export async function health() {
  try {
    return (await ask('/health/ready')).status;
  } catch (refusal) {
    return refusal.answer?.status ?? 'unreachable';
  }
}

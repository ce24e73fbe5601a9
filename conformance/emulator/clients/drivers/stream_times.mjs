// When the openai package under Node hands out each chunk of one streamed answer: a case on standard input, seconds on standard output.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
const { OpenAI } = require("openai");

let text = "";
for await (const piece of process.stdin) text += piece;
const { base_url, body } = JSON.parse(text);
const client = new OpenAI({ baseURL: base_url, apiKey: "any", maxRetries: 0 });
const times = [];
for (let round = 0; round < 2; round += 1) {
  // The first round loads what Node loads on its first request.
  times.length = 0;
  const zero = performance.now();
  for await (const _ of await client.chat.completions.create(body)) times.push((performance.now() - zero) / 1000);
}
process.stdout.write(JSON.stringify(times));

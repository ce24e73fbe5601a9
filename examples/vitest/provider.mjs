// Starts `conformance serve` and returns its base URL. CONFORMANCE names the command where it is not on the PATH.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export async function serve(...options) {
  const child = spawn(process.env.CONFORMANCE ?? "conformance", ["serve", "--quiet", "--speed", "1000", ...options]);
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = line.match(/^serving at (\S+)/) ?? [];
    if (url) return { url, stop: () => new Promise((ended) => { child.once("exit", ended); child.kill("SIGTERM"); }) };
  }
  throw new Error("conformance serve did not start: pip install llm-provider-conformance");
}

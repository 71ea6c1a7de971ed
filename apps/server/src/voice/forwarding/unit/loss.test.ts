import { expect, test } from "vitest";
import { HeardLoss, LossReports } from "./loss.ts";
import { readFeedback } from "./rtcp.ts";

const source = 77;

function packet(sequence: number, ssrc = source): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt16BE(sequence & 0xffff, 2);
  bytes.writeUInt32BE(ssrc, 8);
  return bytes;
}

/** 50 packets a second, without those that are lost; gives the reports. */
function reportsOf(from: number, seconds: number, isLost: (sequence: number) => boolean, byListeners = 0): Buffer[] {
  const sent: Buffer[] = [];
  const reports = new LossReports((report) => sent.push(report));
  for (let at = 0; at <= seconds * 50; at += 1) {
    if (!isLost(from + at)) reports.received(packet(from + at), at * 20, () => byListeners);
  }
  return sent;
}

const shareOf = (report: Buffer) => readFeedback(report, source).lost;

test("a tenth that is lost is reported each second, with the sum, also where the numbers begin anew", () => {
  const reports = reportsOf(65_500, 3, (sequence) => sequence % 10 === 3);
  expect(reports.length).toBe(3);
  for (const report of reports) expect(shareOf(report)).toBeCloseTo(0.1, 1);
  expect(reports.map((report) => report.readUIntBE(13, 3))).toEqual([5, 10, 15]);
  expect(reports.map((report) => report.readUInt32BE(16))).toEqual([65_550, 65_600, 65_650]);
  expect(reports[0]!.readUInt32BE(8)).toBe(source);
});

test("packets that come twice or late are no loss, and nothing is reported above what redundancy can help", () => {
  const sent: Buffer[] = [];
  const reports = new LossReports((report) => sent.push(report));
  const order = Array.from({ length: 60 }, (_, i) => i).toSorted((a, b) => (a ^ 1) - (b ^ 1));
  for (const [at, sequence] of order.entries()) {
    reports.received(packet(sequence), at * 20, () => 0);
    reports.received(packet(sequence), at * 20, () => 0);
  }
  expect(shareOf(sent[0]!)).toBe(0);
  expect(shareOf(reportsOf(0, 1, (sequence) => sequence % 50 !== 0)[0]!)).toBeCloseTo(0.3, 1);
});

test("the listener who loses most counts when more is lost there, until it has not reported for a while", () => {
  expect(shareOf(reportsOf(0, 1, () => false, 0.2)[0]!)).toBeCloseTo(0.2, 1);
  const heard = new HeardLoss();
  heard.note(0.2, 1_000);
  expect([heard.share(5_900), heard.share(6_000)]).toEqual([0.2, 0]);
});

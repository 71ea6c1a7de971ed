import type { FastifyInstance } from "fastify";
import type { Writable } from "node:stream";

/** The library's parser of forms. It notes that a form has more parts than may be, and goes on reading all of them. */
type FormParser = Writable & { hitPartsLimit?: boolean };

/** Of a form, that are parsed without a look at how many parts there are: some hundred. */
const sliceBytes = 1_024;

/**
 * Passes over what comes of a form once it has too many parts. One of five bytes takes as long as kilobytes of a file, and a single
 * read has room for thirteen thousand. To be called once the parser of forms is registered.
 */
export function limitParts(app: FastifyInstance): void {
  app.addHook("preHandler", async (request) => {
    if (!request.isMultipart()) return;
    const { raw } = request;
    const pipe = raw.pipe.bind(raw);
    raw.pipe = (parser, options) => {
      parseInSlices(parser as unknown as FormParser);
      return pipe(parser, options);
    };
  });
}

function parseInSlices(parser: FormParser): void {
  const parse = parser._write.bind(parser);
  parser._write = (chunk: Buffer, encoding, done) => {
    const goOn = (from: number) => {
      if (from >= chunk.length || parser.hitPartsLimit) return done();
      const slice = chunk.subarray(from, from + sliceBytes);
      parse(slice, encoding, (error) => (error ? done(error) : goOn(from + sliceBytes)));
    };
    goOn(0);
  };
}

// What passkeys need of the library, in one module, so that the bundle has one part of it, in the order in which it needs to run.
export {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
export { decodeAttestationObject, isoBase64URL, isoCBOR } from "@simplewebauthn/server/helpers";

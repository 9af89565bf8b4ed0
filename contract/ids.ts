// The identifiers of the service, each made only by its schema. Key separators (`#`) never occur in the ones that
// stand before another part of a key.
import * as z from 'zod/mini'

/** A customer of the service; the first part of every stored key. */
export const orgSlugSchema = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/))
  .brand<'OrgSlug'>()
export type OrgSlug = z.infer<typeof orgSlugSchema>

/** One message whose copy is being improved; becomes the attribute `jw_<template_id>` at Customer.io. */
export const templateIdSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_]{1,64}$/))
  .brand<'TemplateId'>()
export type TemplateId = z.infer<typeof templateIdSchema>

/** One wording of a template. Immutable: editing live copy mints a new one. */
export const copyIdSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{1,64}$/))
  .brand<'CopyId'>()
export type CopyId = z.infer<typeof copyIdSchema>

/** One message instance at Customer.io, or one call of a webhook action. Case-sensitive; printable ASCII, because it is
 * part of keys whose bytes are limited. */
export const deliveryIdSchema = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,256}$/))
  .brand<'DeliveryId'>()
export type DeliveryId = z.infer<typeof deliveryIdSchema>

/** What Customer.io sends from: `campaign:23`, `broadcast:9`, `newsletter:7`, `transactional:4`. */
export const sourceRefSchema = z
  .string()
  .check(z.regex(/^(campaign|broadcast|newsletter|transactional):[A-Za-z0-9_-]{1,64}$/))
  .brand<'SourceRef'>()
export type SourceRef = z.infer<typeof sourceRefSchema>

/** An action of a Customer.io workflow, in decimal. */
export const actionIdSchema = z
  .string()
  .check(z.regex(/^[0-9]{1,19}$/))
  .brand<'ActionId'>()
export type ActionId = z.infer<typeof actionIdSchema>

/** How a person is named: `id:42`, `email:ann@x.org`, `cio_id:d9c1…`; `delivery:…` when nothing names them. */
export const personKeySchema = z
  .string()
  .check(z.regex(/^(id|email|cio_id|delivery):./s), z.maxLength(600))
  .brand<'PersonKey'>()
export type PersonKey = z.infer<typeof personKeySchema>

export const personIdentifierSchema = z.enum(['id', 'email', 'cio_id'])
export type PersonIdentifier = z.infer<typeof personIdentifierSchema>

/** ISO 4217, as in `EUR`. */
export const currencySchema = z.string().check(z.regex(/^[A-Z]{3}$/))

export const armSchema = z.enum(['treatment', 'control'])
export type Arm = z.infer<typeof armSchema>

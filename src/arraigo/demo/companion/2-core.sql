-- Families: who pays, who is cared for, with which plan.
set role cerca_owner;

create domain public.telefono as varchar(20) check (value ~ '^\+[0-9]{1,3}( [0-9]+)+$');
create domain public.dinero as numeric(12, 2) not null default 0 check (value >= 0);
create type public.subscription_state as enum ('trialing', 'active', 'past_due', 'paused', 'cancelled');
create type public.checkout_step as enum ('plan', 'datos', 'familia', 'pago', 'hecho');

create table public.registrations (
  id bigserial primary key,
  codigo_familia varchar(10) unique not null,
  migrant_name varchar(100) not null,
  migrant_email varchar(255) not null,
  migrant_phone varchar(20) not null,
  migrant_state varchar(2) not null,
  principal_name varchar(100) not null,
  principal_phone varchar(20) not null,
  principal_relationship varchar(20) not null,
  plan_id varchar(20) not null,
  plan_name varchar(50) not null,
  plan_price decimal(10, 2) not null,
  square_customer_id varchar(100),
  square_subscription_id varchar(100),
  square_payment_id varchar(100),
  stripe_customer_id varchar(100),
  stripe_subscription_id varchar(100),
  status varchar(20) default 'pending' not null,
  activated_at timestamptz,
  last_payment_at timestamptz,
  cancelled_at timestamptz,
  created_at timestamptz default now() not null,
  updated_at timestamptz default now() not null,
  constraint valid_status check (status in ('pending', 'active', 'cancelled', 'expired', 'paused')),
  constraint valid_plan check (plan_id in ('basic', 'premium'))
);
create index idx_registrations_email on public.registrations (migrant_email);
create index idx_registrations_status on public.registrations (status);
create index idx_registrations_codigo on public.registrations (codigo_familia);

create table public.user_accounts (
  id uuid primary key default extensions.uuid_generate_v4(),
  registration_id bigint not null unique references public.registrations (id) on delete cascade,
  auth_user_id uuid unique references auth.users (id) on delete set null,
  email varchar(255) not null,
  phone public.telefono,
  display_name varchar(100) not null,
  settings jsonb not null default '{"avisos": true}',
  marketing_consent boolean,
  login_count integer not null default 0 check (login_count >= 0),
  last_login_at timestamptz,
  last_ip inet,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index user_accounts_email_key on public.user_accounts (lower(email));

create table public.family_members (
  id bigserial primary key,
  registration_id bigint not null references public.registrations (id) on delete cascade,
  full_name varchar(150) not null check (full_name <> ''),
  relationship varchar(30) not null,
  birth_date date,
  phone public.telefono,
  is_caregiver boolean not null default false,
  notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index family_members_registration_idx on public.family_members (registration_id);

create table public.dependents (
  id uuid primary key default extensions.uuid_generate_v4(),
  registration_id bigint not null references public.registrations (id) on delete cascade,
  family_member_id bigint references public.family_members (id) on delete set null,
  nombre varchar(150) not null,
  parentesco varchar(50) not null,
  fecha_nacimiento date,
  porcentaje_apoyo numeric check (porcentaje_apoyo between 0 and 100),
  is_active boolean not null default true,
  metadata jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index dependents_registration_idx on public.dependents (registration_id) where is_active;

create table public.beneficiaries (
  id uuid primary key default gen_random_uuid(),
  registration_id bigint not null references public.registrations (id) on delete cascade,
  nombre varchar(100) not null,
  apellido_paterno varchar(100) not null,
  apellido_materno varchar(100),
  fecha_nacimiento date not null,
  genero varchar(20) check (genero in ('masculino', 'femenino', 'otro', 'prefiero_no_decir')),
  whatsapp varchar(20) not null,
  email varchar(255),
  parentesco varchar(50) not null check (parentesco in (
    'madre', 'padre', 'esposa', 'esposo', 'hijo', 'hija',
    'hermano', 'hermana', 'abuelo', 'abuela', 'otro'
  )),
  orden_beneficiario integer not null check (orden_beneficiario between 1 and 4),
  is_active boolean default true,
  is_primary boolean default false,
  preferred_call_time varchar(50),
  timezone varchar(50) default 'America/Mexico_City',
  language varchar(10) default 'es-MX',
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  unique (registration_id, orden_beneficiario),
  unique (registration_id, whatsapp)
);
create index idx_beneficiaries_registration on public.beneficiaries (registration_id);
create index idx_beneficiaries_whatsapp on public.beneficiaries (whatsapp);
create index idx_beneficiaries_active on public.beneficiaries (is_active) where is_active = true;

create table public.subscriptions (
  id uuid primary key default gen_random_uuid(),
  registration_id bigint not null unique references public.registrations (id) on delete cascade,
  state public.subscription_state not null default 'trialing',
  provider varchar(20) not null check (provider in ('square', 'stripe', 'manual')),
  provider_reference varchar(100),
  price public.dinero,
  currency char(3) not null default 'USD',
  trial interval,
  started_on date not null,
  renews_on date,
  cancel_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider, provider_reference),
  constraint renewal_follows_start check (renews_on is null or renews_on >= started_on)
);

create table public.account_change_history (
  id bigserial primary key,
  account_id uuid not null references public.user_accounts (id) on delete cascade,
  field varchar(50) not null,
  old_value text,
  new_value text,
  changed_by varchar(50) not null default 'user',
  origin cidr,
  changed_at timestamptz not null default now(),
  constraint something_changed check (old_value is distinct from new_value)
);
create index account_change_history_account_idx on public.account_change_history (account_id, changed_at desc);

create table public.pre_checkout_customers (
  id uuid primary key default gen_random_uuid(),
  email varchar(255),
  phone public.telefono,
  plan_id varchar(20) check (plan_id in ('basic', 'premium')),
  step public.checkout_step not null default 'plan',
  utm jsonb,
  abandoned_at timestamptz,
  converted_registration_id bigint references public.registrations (id) on delete set null,
  created_at timestamptz not null default now(),
  constraint reachable check (email is not null or phone is not null)
);

reset role;

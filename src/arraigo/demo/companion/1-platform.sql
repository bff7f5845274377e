-- What the platform brings: extensions in a schema of their own, people who log in, files. None of it is the project's.
create schema if not exists extensions;
create extension if not exists "uuid-ossp" schema extensions;
create extension if not exists vector schema extensions;
grant usage on schema extensions to anon, authenticated, service_role, cerca_owner;

create schema auth;
grant usage on schema auth to anon, authenticated, service_role, cerca_owner;

create table auth.users (
  id uuid primary key default gen_random_uuid(),
  aud varchar(255) not null default 'authenticated',
  role varchar(255) not null default 'authenticated',
  email varchar(255) unique,
  phone text,
  encrypted_password varchar(255),
  raw_user_meta_data jsonb not null default '{}',
  is_anonymous boolean not null default false,
  created_at timestamptz not null default now(),
  last_sign_in_at timestamptz
);
alter table auth.users enable row level security;
grant references, select on auth.users to cerca_owner;
grant all on auth.users to service_role;

create function auth.uid() returns uuid language sql stable as $$
  select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid
$$;
create function auth.role() returns text language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', 'anon')
$$;

create schema storage;
grant usage on schema storage to anon, authenticated, service_role;

create table storage.buckets (
  id text primary key,
  name text not null unique,
  public boolean not null default false,
  file_size_limit bigint,
  created_at timestamptz not null default now()
);
create table storage.objects (
  id uuid primary key default gen_random_uuid(),
  bucket_id text not null references storage.buckets (id),
  name text not null,
  owner uuid references auth.users (id) on delete set null,
  metadata jsonb,
  path_tokens text[] generated always as (string_to_array(name, '/')) stored,
  created_at timestamptz not null default now(),
  unique (bucket_id, name)
);
alter table storage.objects enable row level security;
create policy "cada quien ve lo suyo" on storage.objects for select to authenticated using (owner = auth.uid());
grant all on storage.buckets, storage.objects to service_role;
grant select on storage.buckets, storage.objects to authenticated;

-- The project's own tables are the owner's, and reach the API's roles by default privileges.
grant create, usage on schema public to cerca_owner;
grant usage on schema public to anon, authenticated, service_role;
set role cerca_owner;
alter default privileges in schema public grant all on tables to service_role;
alter default privileges in schema public grant all on sequences to service_role;
alter default privileges in schema public grant select, insert, update, delete on tables to authenticated;
alter default privileges in schema public grant usage on sequences to authenticated;
alter default privileges in schema public revoke execute on functions from public;
reset role;

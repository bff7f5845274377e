-- Who may see what: the service everything, a family its own, the public the catalogue.
set role cerca_owner;

alter table public.registrations enable row level security;
alter table public.user_accounts enable row level security;
alter table public.family_members enable row level security;
alter table public.beneficiaries enable row level security;
alter table public.subscriptions enable row level security;
alter table public.companion_calls enable row level security;
alter table public.alma_conversations enable row level security;
alter table public.companion_memory enable row level security;
alter table public.call_recordings enable row level security;
alter table public.call_transcripts enable row level security;
alter table public.medical_history enable row level security;
alter table public.medical_history force row level security;
alter table public.service_usage enable row level security;

create policy "la cuenta propia" on public.user_accounts to authenticated
  using (auth_user_id = auth.uid()) with check (auth_user_id = auth.uid());
create policy "la familia propia" on public.registrations for select to authenticated
  using (id in (select registration_id from public.user_accounts where auth_user_id = auth.uid()));
create policy "su suscripción" on public.subscriptions for select to authenticated
  using (registration_id in (select id from public.registrations));

do $$
declare
  place text;
begin
  foreach place in array array['family_members', 'beneficiaries', 'companion_calls', 'service_usage'] loop
    execute format(
      'create policy %I on public.%I for select to authenticated using (registration_id in (select id from public.registrations))',
      place || ': los suyos', place
    );
  end loop;
  foreach place in array array['alma_conversations', 'companion_memory', 'medical_history'] loop
    execute format(
      'create policy %I on public.%I for select to authenticated using (beneficiary_id in (select id from public.beneficiaries))',
      place || ': los suyos', place
    );
  end loop;
  foreach place in array array['call_recordings', 'call_transcripts'] loop
    execute format(
      'create policy %I on public.%I for select to authenticated using (call_id in (select id from public.companion_calls))',
      place || ': los suyos', place
    );
  end loop;
end
$$;
create policy "el servicio" on public.medical_history to service_role using (true) with check (true);
create policy "quien la guarda" on public.medical_history to cerca_owner using (true) with check (true);
create policy "solo activos" on public.beneficiaries as restrictive for select to authenticated using (is_active);

grant select on public.medication_catalog, public.collective_knowledge_base to anon;
grant select (agent_id, agent_name, description, is_active) on public.ai_companions to anon;
revoke insert, update, delete on public.ai_companions, public.behavioral_codes, public.ai_brain_metrics from authenticated;
grant execute on all functions in schema public to service_role;
grant execute on function public.update_updated_at_column(), public.check_max_beneficiaries(), public.notify_wati_call_complete() to authenticated;

reset role;

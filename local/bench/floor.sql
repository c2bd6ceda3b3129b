-- The floor: mint and collect as one call each, with the rows and checks of the product's own.

CREATE FUNCTION floor_mint(new_id bigint, the_program bigint, the_location bigint, the_preset bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made_at timestamptz := public.plusone_clock();
    sale record;
BEGIN
    SELECT v.id AS version, s.session_seconds, r.points INTO STRICT sale
      FROM loyalty_program p
      JOIN loyalty_programversion v ON v.id = p.current_id
      JOIN loyalty_location l ON l.id = the_location
      JOIN loyalty_settings s ON s.id = 1
      JOIN loyalty_preset r ON r.id = the_preset AND NOT r.is_archived
     WHERE p.id = the_program AND p.status = 'running' AND NOT l.is_archived;
    INSERT INTO loyalty_earnsession
           (id, token_salt, token_digest, location_id, staff_id, program_id, version_id, preset_id,
            units, points, policy, status, created_at, expires_at)
    VALUES (new_id, '\x000102030405060708090a0b0c0d0e0f',
            sha256(convert_to(new_id::text, 'UTF8')), the_location, {staff}, the_program,
            sale.version, the_preset, 1, sale.points, {policy}, 'open', made_at,
            made_at + make_interval(secs => sale.session_seconds));
    INSERT INTO loyalty_event
           (id, kind, at, location_id, staff_id, preset_id, session_id, version_id, units, points,
            policy)
    VALUES (new_id, 'minted', made_at, the_location, {staff}, the_preset, new_id, sale.version, 1,
            sale.points, {policy});
END
$$;

CREATE FUNCTION floor_collect(token text, the_customer bigint, new_id bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    sale record;
    held record;
    left_open bigint;
BEGIN
    UPDATE loyalty_earnsession
       SET status = 'collected', customer_id = the_customer,
           collected_at = public.plusone_clock(), outcome = {outcome}
     WHERE token_digest = sha256(convert_to(token, 'UTF8'))
       AND status = 'open' AND expires_at > public.plusone_clock()
    RETURNING * INTO STRICT sale;
    UPDATE loyalty_card
       SET version = version + 1, visits = visits + 1, points = points + sale.points,
           last_visit_at = sale.collected_at
     WHERE customer_id = the_customer AND program_id = sale.program_id
    RETURNING id, version, promise_id INTO STRICT held;
    UPDATE loyalty_counter SET open = (open + sale.units) % {threshold}
     WHERE card_id = held.id AND tier_id IS NULL
    RETURNING open INTO STRICT left_open;
    INSERT INTO loyalty_event
           (id, kind, at, location_id, staff_id, preset_id, session_id, card_id, card_version,
            version_id, units, amount, points, policy, details)
    VALUES (new_id, 'collected', sale.collected_at, sale.location_id, sale.staff_id,
            sale.preset_id, sale.id, held.id, held.version, sale.version_id, sale.units,
            sale.amount, sale.points, sale.policy, '{{"bonuses": []}}');
    INSERT INTO loyalty_ledgerentry
           (id, card_id, card_version, line, kind, units, version_id, session_id, event_id,
            occurred_at, recorded_at, origin)
    VALUES (new_id, held.id, held.version, 1, 'earn', sale.units, sale.version_id, sale.id, new_id,
            sale.collected_at, sale.collected_at, '');
    IF left_open < sale.units THEN
        INSERT INTO loyalty_bonus
               (id, card_id, version_id, session_id, source, status, title, product_id, earned_at)
        SELECT new_id, held.id, held.promise_id, sale.id, 'card', 'waiting', 'Free coffee',
               v.product_id, sale.collected_at
          FROM loyalty_programversion v WHERE v.id = held.promise_id;
        INSERT INTO loyalty_ledgerentry
               (id, card_id, card_version, line, kind, units, version_id, session_id, event_id,
                occurred_at, recorded_at, origin)
        VALUES (new_id + 1, held.id, held.version, 2, 'complete', -{threshold}, sale.version_id,
                sale.id, new_id, sale.collected_at, sale.collected_at, '');
    END IF;
END
$$;
